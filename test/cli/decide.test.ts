import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Approval } from '../../lib/model/approval';
import { pointAwsAt, runCli } from './run-cli';
import { CONTAINMENT_ID, HOSTILE, INCIDENT_ID, sampleContainment } from './sample';
import { StubAws } from './stub-aws';

const OTHER = `con-${'b'.repeat(32)}`;
const PERSON = 'arn:aws:sts::111122223333:assumed-role/Responder/kim@example.com';
const PLAN_HASH = 'f'.repeat(64);

function waiting(containmentId: string, more: Partial<Approval> = {}): Approval {
  const { runbook, target } = sampleContainment();
  return {
    schemaVersion: 1,
    id: `apr-${containmentId.slice(4)}`,
    containmentId,
    incidentId: INCIDENT_ID,
    generation: 1,
    attempt: 1,
    planHash: PLAN_HASH,
    plan: {
      runbook,
      title: 'Disable access keys',
      target,
      generation: 1,
      steps: [
        {
          action: 'deactivate-access-keys',
          title: 'Deactivate access keys',
          release: 'manual',
          changes: [{ call: 'iam:UpdateAccessKey', resource: 'AKIAEXAMPLE', from: 'Active', to: 'Inactive' }],
        },
        {
          action: 'delete-console-password',
          title: 'Delete the console password',
          release: 'manual',
          changes: [],
          problem: HOSTILE,
        },
      ],
      limits: ['Sessions that exist already live on'],
    },
    why: HOSTILE,
    settings: {
      withinSeconds: 900,
      onTimeout: { SEV1: 'escalate', SEV2: 'escalate', SEV3: 'escalate', SEV4: 'escalate' },
    },
    status: 'waiting',
    round: 1,
    askedAt: '2026-11-21T03:00:02.000Z',
    expiresAt: '2026-11-21T03:15:02.000Z',
    revision: 1,
    ...more,
  };
}

let aws: StubAws;
let approvals: Approval[];
let asked: Record<string, unknown>[];
const ok = (value: unknown) => ({ ok: true, value });
const argvOf = (verb: string, ...more: string[]) => [
  ...['incident', verb, INCIDENT_ID, '--by', 'Kim', '--reason', 'seen with Sam', ...more],
];

beforeAll(async () => {
  aws = await StubAws.start();
  pointAwsAt(aws.endpoint);
});
afterAll(() => aws.stop());
beforeEach(() => {
  aws.outputs = { FirebreakQueryFunction: 'query', FirebreakRespondFunction: 'respond' };
  aws.caller = PERSON;
  approvals = [waiting(CONTAINMENT_ID)];
  asked = [];
  aws.functions.set('query', ({ op }) => (op === 'approvals' ? ok(approvals) : new Error('not asked here')));
  aws.functions.set('respond', (request) => {
    asked.push(request);
    const { approvalId, approve } = request;
    return ok({
      decided: true,
      approvalId,
      status: approve === true ? 'approved' : 'declined',
      containmentId: CONTAINMENT_ID,
    });
  });
});

describe.each([
  ['approve', true, 'approved', "Approved; it is carried out now. 'firebreak incident show"],
  ['decline', false, 'declined', 'Declined; nothing is changed.'],
] as const)('incident %s', (verb, approve, status, says) => {
  test('decides exactly the plan that was shown, by name and by who calls', async () => {
    const { code, out, err } = await runCli(argvOf(verb, '--json'), { answer: 'y' });

    expect(code).toBe(0);
    expect(asked).toEqual([
      {
        op: 'decide',
        incidentId: INCIDENT_ID,
        approvalId: approvals[0]?.id,
        planHash: PLAN_HASH,
        approve,
        by: 'Kim',
        reason: 'seen with Sam',
        principal: PERSON,
      },
    ]);
    expect(JSON.parse(out)).toEqual({
      incidentId: INCIDENT_ID,
      decided: true,
      approvalId: approvals[0]?.id,
      status,
      containmentId: CONTAINMENT_ID,
      planHash: PLAN_HASH,
    });
    // Standard output holds the document alone: the plan is shown beside it.
    expect(err).toContain('iam:UpdateAccessKey AKIAEXAMPLE: Active → Inactive');
    expect(err).toContain('could not be planned');
    expect(err).toContain('What it cannot do:\n  - Sessions that exist already live on');
    expect(err).toContain(`Plan ${PLAN_HASH}`);
  });

  test('says in words what follows', async () => {
    expect((await runCli(argvOf(verb, '--yes'))).out).toContain(says);
  });

  test.each([['no'], ['']])('decides nothing where the answer is %j', async (answer) => {
    const { code, err } = await runCli(argvOf(verb), { answer });

    expect({ code, asked }).toEqual({ code: 1, asked: [] });
    expect(err).toContain('nothing was changed: the answer was not yes');
  });

  test('decides nothing where nobody can be asked and --yes is missing', async () => {
    const { code, err } = await runCli(argvOf(verb));

    expect({ code, asked }).toEqual({ code: 2, asked: [] });
    expect(err).toContain('add --yes');
  });

  test('needs a reason', async () => {
    const { code, err } = await runCli(['incident', verb, INCIDENT_ID, '--by', 'Kim', '--yes']);

    expect({ code, asked }).toEqual({ code: 2, asked: [] });
    expect(err).toContain('--reason');
  });

  test('does not let what an attacker wrote reach the terminal', async () => {
    const { err } = await runCli(argvOf(verb, '--yes'));

    expect(err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(err).toContain('[U+202E]');
  });

  test('has nothing to decide where nothing waits', async () => {
    approvals = [];

    const { code, err } = await runCli(argvOf(verb, '--yes'));

    expect({ code, asked }).toEqual({ code: 1, asked: [] });
    expect(err).toContain(`nothing of incident '${INCIDENT_ID}' waits for approval`);
  });

  test('asks which one where several wait, and decides the one that is named', async () => {
    approvals = [waiting(CONTAINMENT_ID), waiting(OTHER)];

    const several = await runCli(argvOf(verb, '--yes'));
    expect({ code: several.code, asked }).toEqual({ code: 1, asked: [] });
    expect(several.err).toContain('2 containments wait for approval; name one by --containment');
    expect(several.err).toContain(OTHER);

    expect((await runCli(argvOf(verb, '--yes', '--containment', OTHER))).code).toBe(0);
    expect(asked.map(({ approvalId }) => approvalId)).toEqual([approvals[1]?.id]);
  });

  test('names those that wait where another is named', async () => {
    const { code, err } = await runCli(argvOf(verb, '--yes', '--containment', OTHER));

    expect({ code, asked }).toEqual({ code: 1, asked: [] });
    expect(err).toContain(`containment '${OTHER}' does not wait for approval; these do: ${CONTAINMENT_ID}`);
  });

  test("a refusal by the stack is told in the stack's words, with exit code 1", async () => {
    const problem = 'this cannot be decided: the plan has changed since; look at the new one';
    aws.functions.set('respond', () => ({ ok: false, problem }));

    const { code, out, err } = await runCli(argvOf(verb, '--yes', '--json'));

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(problem);
  });

  test('decides nothing where it cannot be told who calls', async () => {
    delete aws.caller;

    const { code } = await runCli(argvOf(verb, '--yes'));

    expect({ code, asked }).toEqual({ code: 1, asked: [] });
  });
});
