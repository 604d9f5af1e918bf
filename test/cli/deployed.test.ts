import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acknowledgeCommand } from '../../lambdas/escalate/page/content';
import type { Containment } from '../../lib/model/containment';
import { containmentId } from '../../lib/model/ids';
import type { TimelineRecord } from '../../lib/model/timeline';
import { pointAwsAt, runCli } from './run-cli';
import { CONTAINMENT_ID, INCIDENT_ID, sampleContainment, sampleIncident, sampleRecord } from './sample';
import { StubAws } from './stub-aws';

let aws: StubAws;
const ok = (value: unknown) => ({ ok: true, value });

beforeAll(async () => {
  aws = await StubAws.start();
  pointAwsAt(aws.endpoint);
});
afterAll(() => aws.stop());
beforeEach(() => {
  aws.outputs = {
    FirebreakQueryFunction: 'query',
    FirebreakRespondFunction: 'respond',
    FirebreakBrakeParameter: '/firebreak/brake',
  };
  aws.functions.clear();
  aws.parameters.clear();
  aws.calls.length = 0;
  delete aws.readsInstead;
});

describe('what an attacker wrote', () => {
  beforeEach(() => {
    const incident = sampleIncident();
    aws.functions.set('query', ({ op }) =>
      ok(
        op === 'list'
          ? [incident]
          : { incident, timeline: [sampleRecord(1, 'note')], alerts: [], containments: [], merged: [] },
      ),
    );
  });

  test.each([['incident list'], [`incident show ${INCIDENT_ID}`]])(
    'does not reach the terminal by %s',
    async (line) => {
      const { code, out } = await runCli(line.split(' '));

      expect(code).toBe(0);
      expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      expect(out).toContain('red SEV4 all is well [U+202E]');
    },
  );

  test.each([['incident list --json'], [`incident show ${INCIDENT_ID} --json`]])(
    'is escaped by JSON in %s, the only thing on standard output',
    async (line) => {
      const { code, out, err } = await runCli(line.split(' '));

      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(JSON.parse(out)).toBeDefined();
      expect(out).not.toContain('\u001b');
    },
  );
});

describe('errors are one sentence, on standard error, with exit code 1', () => {
  test.each([
    [
      'a stack that is not there',
      ['incident', 'list', '--stack', 'Other'],
      "there is no stack 'Other' in eu-central-1",
    ],
    ['a function that fails', ['incident', 'list'], "function 'query' failed: out of memory"],
    ['a refusal by the stack', ['incident', 'show', INCIDENT_ID], 'there is no incident'],
  ])('%s', async (_, argv, message) => {
    aws.functions.set('query', ({ op }) =>
      op === 'list' ? new Error('out of memory') : { ok: false, problem: 'there is no incident' },
    );

    const { code, out, err } = await runCli([...argv, '--json']);

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(message);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  test('an answer of another version', async () => {
    aws.functions.set('query', () => ({ statusCode: 200 }));

    const { code, err } = await runCli(['incident', 'list']);

    expect(code).toBe(1);
    expect(err).toContain('of different versions');
  });

  test('a stack without the outputs', async () => {
    aws.outputs = {};

    const { err } = await runCli(['incident', 'list']);

    expect(err).toContain("has no output 'FirebreakQueryFunction'");
  });

  test('an endpoint where nothing answers', async () => {
    pointAwsAt('http://127.0.0.1:9');
    try {
      const { code, err } = await runCli(['incident', 'list'], { env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' } });

      expect(code).toBe(1);
      expect(err).toContain('nothing answers at http://127.0.0.1:9 (ECONNREFUSED)');
    } finally {
      pointAwsAt(aws.endpoint);
    }
  });

  test('--debug adds where it happened', async () => {
    const { err } = await runCli(['incident', 'list', '--stack', 'Other', '--debug']);

    expect(err).toMatch(/\n\s+at /);
  });
});

describe('the brake', () => {
  const argv = ['pause', '--by', 'Kim', '--reason', 'it cuts off production', '--json'];

  test('is pulled with name, time and reason, and let go with the one word that lets go', async () => {
    const paused = await runCli(argv);
    const written = aws.parameters.get('/firebreak/brake');
    const resumed = await runCli(['resume', '--json']);

    expect(paused.code).toBe(0);
    expect(JSON.parse(paused.out)).toEqual({ paused: true, value: written, parameter: '/firebreak/brake' });
    expect(written).toMatch(/^paused by Kim at 20\d\d-.*Z: it cuts off production$/);
    expect(JSON.parse(resumed.out)).toMatchObject({ paused: false, value: 'released' });
    expect(aws.parameters.get('/firebreak/brake')).toBe('released');
  });

  test('needs no CloudFormation where its parameter is named', async () => {
    const { code } = await runCli([...argv, '--parameter', '/mine']);

    expect(code).toBe(0);
    expect(aws.calls).toEqual(['ssm PutParameter', 'ssm GetParameter']);
  });

  test('says that it was not changed where its name is not found', async () => {
    const { code, err } = await runCli([...argv, '--stack', 'Other']);

    expect(code).toBe(1);
    expect(err).toContain('the brake was NOT changed');
    expect(err).toContain('--parameter NAME works without CloudFormation');
  });

  test('is not believed where it reads otherwise than it was written', async () => {
    aws.readsInstead = 'released';

    const { code, err } = await runCli(argv);

    expect(code).toBe(1);
    expect(err).toContain("reads 'released' instead of 'paused by Kim");
  });

  test('is found although firebreak.yaml has mistakes', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'firebreak-'));
    writeFileSync(join(cwd, 'firebreak.yaml'), 'stack: Firebreak\nmode: panic\nresponsePlans: 3\n');

    expect(await runCli(argv, { cwd })).toMatchObject({ code: 0 });
  });

  test('is that of the stack which firebreak.yaml names', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'firebreak-'));
    writeFileSync(join(cwd, 'firebreak.yaml'), 'stack: Elsewhere\nregion: eu-west-3\n');

    const { err } = await runCli(argv, { cwd });

    expect(err).toContain("no stack 'Elsewhere' in eu-west-3");
  });
});

describe('incident ack', () => {
  test.each([
    ['acknowledged', 0],
    ['already-acknowledged', 0],
    ['closed', 1],
  ])('%s ends with exit code %i', async (outcome, code) => {
    const acknowledgement = { by: 'Sam', at: '2026-11-21T03:01:00.000Z', how: 'link' as const };
    aws.functions.set('respond', () => ok({ outcome, incident: sampleIncident({ acknowledgement }) }));

    const ran = await runCli(['incident', 'ack', INCIDENT_ID, '--json'], { env: { FIREBREAK_BY: 'Kim' } });

    expect(ran.code).toBe(code);
    expect(JSON.parse(ran.out)).toEqual({ incidentId: INCIDENT_ID, outcome, acknowledgement });
  });
});

describe('runbook release', () => {
  const argv = ['runbook', 'release', CONTAINMENT_ID, '--by', 'Kim', '--reason', 'it was a test', '--json'];
  let asked: Record<string, unknown>[];
  let timeline: TimelineRecord[];

  beforeEach(() => {
    asked = [];
    // What was said before the request is no answer to it.
    timeline = [sampleRecord(1, 'release-refused', 'an earlier one')];
    aws.functions.set('query', ({ op }) =>
      ok(
        op === 'show'
          ? { incident: sampleIncident(), timeline, alerts: [], containments: [], merged: [] }
          : { containment: sampleContainment(), actions: [] },
      ),
    );
  });

  function willSay(record: TimelineRecord): void {
    aws.functions.set('respond', (request) => {
      asked.push(request);
      timeline.push(record);
      return ok({ started: true, executionArn: 'arn', incidentId: INCIDENT_ID });
    });
  }

  test.each([
    ['containment-released', 'released', 0],
    ['release-refused', 'refused', 1],
    ['release-failed', 'not-restored', 1],
  ] as const)('that ends with %s is told as %s, exit code %i', async (kind, outcome, code) => {
    willSay(sampleRecord(2, kind, 'the end'));

    const ran = await runCli([...argv, '--yes']);

    expect(ran.code).toBe(code);
    expect(JSON.parse(ran.out)).toMatchObject({ ok: code === 0, outcome, text: 'the end' });
    expect(asked).toEqual([
      {
        op: 'release',
        containmentId: CONTAINMENT_ID,
        by: 'Kim',
        reason: 'it was a test',
        force: false,
        reactivateKeys: false,
      },
    ]);
  });

  test('asks nothing of the stack where nobody can be asked and --yes is missing', async () => {
    willSay(sampleRecord(2, 'containment-released'));

    const { code, err } = await runCli(argv);

    expect(code).toBe(2);
    expect(err).toContain('add --yes');
    expect(asked).toEqual([]);
  });

  test.each([
    ['y', 0, 1],
    ['no', 1, 0],
    ['', 1, 0],
  ])('answered %j: exit code %i, %i requests', async (answer, code, requests) => {
    willSay(sampleRecord(2, 'containment-released'));

    const ran = await runCli(argv, { answer });

    expect(ran.code).toBe(code);
    expect(asked).toHaveLength(requests);
  });

  test('passes force and keys on only where they are said', async () => {
    willSay(sampleRecord(2, 'containment-released'));

    await runCli([...argv, '--yes', '--force', '--reactivate-keys']);

    expect(asked[0]).toMatchObject({ force: true, reactivateKeys: true });
  });

  test('names who holds it where the incident does not', async () => {
    willSay(sampleRecord(2, 'containment-released'));

    const { code, err } = await runCli([...argv, '--yes', '--incident', 'inc-somebodyelse']);

    expect(code).toBe(1);
    expect(err).toContain(`who does: ${INCIDENT_ID}`);
    expect(asked).toEqual([]);
  });

  test('gives up waiting, says so, and does not call it a success', async () => {
    willSay(sampleRecord(2, 'release-started'));

    const ran = await runCli([...argv, '--yes', '--wait', '1']);

    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.out)).toMatchObject({ ok: false, outcome: 'still-running' });
  });
});

describe('runbook plan and run', () => {
  const TARGET = 'arn:aws:iam::111122223333:user/alice';
  const RUN = ['runbook', 'run', 'disable-access-key', '--target', TARGET, '--by', 'Kim', '--reason', 'the key leaked'];
  const target = { kind: 'user', id: TARGET, account: '111122223333', region: 'us-east-1' } as const;
  const id = containmentId('disable-access-key', target);
  const change = { call: 'iam:UpdateAccessKey', resource: 'AKIA1', from: 'Active', to: 'Inactive' };
  let opened: Record<string, unknown>[];

  function willEnd(more: Partial<Containment>): void {
    opened = [];
    const containment = { ...sampleContainment(more), id };
    aws.functions.set('query', ({ op }) =>
      ok(
        op === 'plan'
          ? { actions: [{ action: 'deactivate-access-keys', changes: [change] }] }
          : {
              incident: sampleIncident(),
              timeline: [sampleRecord(1, 'note')],
              alerts: [],
              containments: [{ containment, actions: [] }],
              merged: [],
            },
      ),
    );
    aws.functions.set('respond', (request) => {
      opened.push(request);
      return ok({ incidentId: INCIDENT_ID });
    });
  }

  test('plan prints each step with its calls, from what to what, how it is taken back, and what it cannot do', async () => {
    willEnd({});

    const { code, out } = await runCli(['runbook', 'plan', 'disable-access-key', '--target', TARGET]);

    expect(code).toBe(0);
    expect(out).toMatch(/2\. Deactivate access keys  becomes a task\n +iam:UpdateAccessKey AKIA1: Active → Inactive/);
    expect(out).toMatch(/after a release, by hand: Issue a new access key/);
    expect(out).toMatch(/What it cannot do:\n  - IAM takes some seconds/);
    expect(opened).toEqual([]);
  });

  test('plan says that a guard rail would refuse, and ends with exit code 1', async () => {
    aws.functions.set('query', () => ok({ refusal: 'it belongs to account 444455556666', actions: [] }));

    const { code, out } = await runCli(['runbook', 'plan', 'disable-access-key', '--target', TARGET]);

    expect(code).toBe(1);
    expect(out).toContain('It would be refused: it belongs to account 444455556666');
    expect(out).not.toContain('it is so already');
  });

  test('run asks nothing of AWS where nobody can be asked and --yes is missing', async () => {
    willEnd({ status: 'held' });

    const { code, err } = await runCli(RUN);

    expect(code).toBe(2);
    expect(err).toContain('add --yes');
    expect([opened, aws.calls]).toEqual([[], []]);
  });

  test.each([
    ['y', 0, 1],
    ['no', 1, 0],
    ['', 1, 0],
  ])('run shows the plan, and answered %j ends with exit code %i after %i requests', async (answer, code, requests) => {
    willEnd({ status: 'held' });

    const ran = await runCli(RUN, { answer });

    expect(ran.code).toBe(code);
    expect(ran.err).toContain('iam:UpdateAccessKey AKIA1: Active → Inactive');
    expect(opened).toHaveLength(requests);
  });

  test.each([
    [{ status: 'held' }, 0, /still there when the watch ended$/],
    [{ status: 'held', timesUndone: 2 }, 0, /it was undone 2 time\(s\) before/],
    [{ status: 'failed', reason: 'it is not proven contained' }, 1, /not proven contained/],
    [{ status: 'refused', reason: 'a guard rail' }, 1, /a guard rail/],
    [{ status: 'planned', reason: 'only observed' }, 1, /only observed/],
  ] as const)('run that ends with %j has exit code %i', async (more, code, text) => {
    willEnd(more);

    const ran = await runCli([...RUN, '--yes', '--json']);

    expect(ran.code).toBe(code);
    const document = JSON.parse(ran.out) as { ok: boolean; text: string };
    expect(document).toMatchObject({ ok: code === 0, outcome: more.status, incidentId: INCIDENT_ID });
    expect(document.text).toMatch(text);
    expect(opened).toEqual([
      {
        op: 'open',
        by: 'Kim',
        title: 'the key leaked',
        severity: 'SEV2',
        contain: [{ runbook: 'disable-access-key', target }],
      },
    ]);
  });

  test('run that does not end in time is not called a success', async () => {
    willEnd({ status: 'containing' });

    const ran = await runCli([...RUN, '--yes', '--json', '--wait', '1']);

    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.out)).toMatchObject({ ok: false, outcome: 'containing' });
  });
});

describe('doctor', () => {
  test('calls what it cannot look at unknown, never ok, and ends with exit code 1 where something is bad', async () => {
    aws.outputs.FirebreakMachines = 'arn:aws:states:eu-central-1:111122223333:stateMachine:x';
    aws.functions.set('query', () => ok([]));
    aws.parameters.set('/firebreak/brake', 'paused by Kim');

    const { code, out } = await runCli(['doctor', '--json']);

    expect(code).toBe(1);
    const { healthy, checks } = JSON.parse(out) as { healthy: boolean; checks: { name: string; verdict: string }[] };
    expect(healthy).toBe(false);
    const verdicts = Object.fromEntries(checks.map(({ name, verdict }) => [name, verdict]));
    expect(verdicts).toMatchObject({ stack: 'ok', brake: 'bad', 'pending hand-overs': 'ok' });
    expect(verdicts).toMatchObject({ trail: 'unknown', GuardDuty: 'unknown', 'state machines': 'unknown' });
  });
});

describe('the command that stands in every page', () => {
  test('acknowledges, as it is written there', async () => {
    aws.functions.set('respond', ({ op }) =>
      ok({ outcome: op === 'ack' ? 'acknowledged' : op, incident: sampleIncident() }),
    );
    const [program, ...argv] = acknowledgeCommand(INCIDENT_ID).split(' ');

    const { code, out } = await runCli(argv);

    expect({ program, code }).toEqual({ program: 'firebreak', code: 0 });
    expect(out).toContain('Acknowledged');
  });
});
