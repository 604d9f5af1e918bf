import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { App, CfnOutput, Duration, Lazy, SecretValue, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { acknowledge } from '../../lambdas/shared/acknowledge';
import { nextEscalation } from '../../lambdas/shared/hand-over/chain';
import { changeIncident, getIncident } from '../../lambdas/shared/store/incidents';
import { readTimeline } from '../../lambdas/shared/store/timelines';
import { makeTable, type Table } from '../../lambdas/shared/store/table';
import { giveUp, takeIn } from '../../lambdas/triage/triage/merge';
import { handOver } from '../../lambdas/triage/respond/hand-over';
import { watchAgain } from '../../lambdas/escalate/auditor/watch-again';
import { watchSilence } from '../../lambdas/escalate/finish/silence';
import { snooze } from '../../lambdas/triage/respond/snooze';
import { Escalation } from '../../lib/escalate/escalation';
import { EscalationChain } from '../../lib/escalate/escalation-chain';
import { Recipient } from '../../lib/escalate/recipient';
import { Rotation } from '../../lib/escalate/rotation';
import { executionName } from '../../lib/model/ids';
import type { Incident } from '../../lib/model/incident';
import { textAt } from '../../lib/model/json';
import type { TimelineKind, TimelineRecord } from '../../lib/model/timeline';
import { IncidentStore } from '../../lib/triage/incident-store';
import { deploy } from '../../local/cdk';
import { packageRoot } from '../../local/paths';
import { embeddedAws, eventually } from '../embedded/aws';
import { openIncident } from './own-store';
import { startReceiver, type Receiver } from './receiver';

const STACK = 'EscalateSemantics';
const aws = embeddedAws();
const sfn = new SFNClient(aws.client);
let receiver: Receiver;
let outputs: Record<string, string>;
let table: Table;

function synthesise(assembly: string): void {
  const app = new App({ outdir: assembly });
  const stack = new Stack(app, STACK, { env: { account: aws.account, region: aws.region } });
  const local = (path: string) => Lazy.string({ produce: () => `${receiver.url}${path}` });
  const queue = (id: string) => new Queue(stack, id);
  const store = new IncidentStore(stack, 'Store');
  const secret = (id: string, text: string) =>
    new Secret(stack, id, { secretStringValue: SecretValue.unsafePlainText(text) });
  const chains = [
    new EscalationChain(stack, 'People', {
      levels: [
        {
          name: 'First',
          recipients: [
            Recipient.person('Ada', [
              Recipient.slack({ webhookUrl: secret('Broken', 'this is no URL') }),
              Recipient.queue(queue('AdasQueue')),
              Recipient.https(local('/never')),
            ]),
          ],
          acknowledgeWithin: Duration.minutes(10),
          acknowledgeWithinBySeverity: { sev1: Duration.minutes(2) },
        },
        {
          name: 'Turns',
          recipients: [],
          rotation: new Rotation({
            people: [Recipient.person('Bob', [Recipient.queue(queue('BobsQueue'))])],
            timeZone: 'Europe/Berlin',
            startsAt: '2026-11-16T09:00',
          }),
          acknowledgeWithin: Duration.minutes(2),
        },
      ],
    }),
    new EscalationChain(stack, 'Watched', {
      levels: [{ name: 'Only', recipients: [Recipient.queue(queue('Only'))], acknowledgeWithin: Duration.minutes(2) }],
      voidAfterSilence: Duration.minutes(15),
    }),
  ];
  new Escalation(stack, 'Escalation', { store, encryptionKey: new Key(stack, 'Key'), chains });
  for (const [name, value] of Object.entries({
    Table: store.table.tableName,
    People: chains[0]?.machine.stateMachineArn ?? '',
    Watched: chains[1]?.machine.stateMachineArn ?? '',
  })) {
    new CfnOutput(stack, `Out${name}`, { value }).overrideLogicalId(name);
  }
  app.synth();
}

beforeAll(async () => {
  receiver = await startReceiver();
  const folder = join(packageRoot(), '.firebreak', 'escalate-semantics');
  await rm(folder, { recursive: true, force: true });
  const assembly = join(folder, 'cdk.out');
  synthesise(assembly);
  const outputsFile = join(folder, 'outputs.json');
  await deploy({ aws, assembly, outputsFile });
  outputs = (JSON.parse(readFileSync(outputsFile, 'utf8')) as Record<string, Record<string, string>>)[STACK] ?? {};
  table = makeTable(new DynamoDBClient(aws.client), outputs['Table'] ?? '');
}, 180_000);
afterAll(() => receiver.close());

async function start(incident: Incident, machine: 'People' | 'Watched' = 'People', attempt = 1): Promise<string> {
  const { executionArn } = await sfn.send(
    new StartExecutionCommand({
      stateMachineArn: outputs[machine],
      name: executionName(incident.id, attempt),
      input: JSON.stringify({ schemaVersion: 1, incidentId: incident.id, attempt }),
    }),
  );
  return executionArn ?? '';
}

const ended = (executionArn: string) =>
  eventually(
    'the end of the execution',
    async () => {
      const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      return execution.status === 'RUNNING' ? undefined : execution.status;
    },
    60_000,
  );

const records = async (incident: Incident): Promise<TimelineRecord[]> =>
  (await readTimeline(table, incident.id)).filter(({ stage }) => stage === 'escalate');
const until = (incident: Incident, kind: TimelineKind, many = 1) =>
  eventually(
    `${many} ${kind}`,
    async () => {
      const found = (await records(incident)).filter((record) => record.kind === kind);
      return found.length >= many ? found : undefined;
    },
    60_000,
  );
const kinds = async (incident: Incident) => (await records(incident)).map(({ kind }) => kind);

describe('an escalation, on real machines with shortened waits', () => {
  test('tries the channels of a person in order: the broken one fails, the next is used, the third is not needed', async () => {
    const incident = await openIncident(table);
    const execution = await start(incident);
    const [failed] = await until(incident, 'page-failed');
    const [sent] = await until(incident, 'page-sent');
    await acknowledge(table, incident.id, { by: 'Ada', how: 'command-line' });

    expect(await ended(execution)).toBe('SUCCEEDED');
    expect(failed?.text).toMatch(/^Could not page Ada by Slack Broken .*holds no https URL/);
    expect(sent?.text).toMatch(/^Paged Ada by queue/);
    expect(receiver.received.filter(({ path }) => path === '/never')).toEqual([]);
  }, 90_000);

  test('pages who is on call where the first level is silent, and the alarm where all are', async () => {
    const incident = await openIncident(table);

    expect(await ended(await start(incident))).toBe('FAILED');
    const texts = (await records(incident)).map(({ text }) => text);
    expect(texts.some((text) => /^Paged Bob by queue/.test(text))).toBe(true);
    expect((await kinds(incident)).at(-1)).toBe('escalation-exhausted');
  }, 90_000);

  test('two people at once: the first acknowledgement stands, the second learns of it', async () => {
    const incident = await openIncident(table);
    const execution = await start(incident);
    await until(incident, 'page-sent');
    const answers = await Promise.all(
      ['Ada', 'Bob'].map((by) => acknowledge(table, incident.id, { by, how: 'command-line' })),
    );

    expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['acknowledged', 'already-acknowledged']);
    expect(await ended(execution)).toBe('SUCCEEDED');
    expect((await kinds(incident)).filter((kind) => kind === 'acknowledged')).toHaveLength(1);
  }, 90_000);

  test('acknowledged late, by somebody of the first level while the second is paged, it ends', async () => {
    const incident = await openIncident(table);
    const execution = await start(incident);
    await until(incident, 'level-unanswered');
    await acknowledge(table, incident.id, { by: 'Ada', how: 'command-line' });

    expect(await ended(execution)).toBe('SUCCEEDED');
    expect(await kinds(incident)).not.toContain('escalation-exhausted');
  }, 90_000);

  test('snoozed, it pages nobody until the end of it, and then the same level again', async () => {
    const incident = await openIncident(table, { severity: 'SEV3' });
    const quiet = await snooze(
      table,
      { op: 'snooze', incidentId: incident.id, by: 'Ada', reason: 'in a meeting', minutes: 1 },
      // Nearly over: the clock of the test is the only one that is not shortened.
      new Date(Date.now() - 55_000),
    );
    const execution = await start(incident);
    const [held] = await until(incident, 'page-held');
    const [sent] = await until(incident, 'page-sent');
    await acknowledge(table, incident.id, { by: 'Ada', how: 'command-line' });

    expect(quiet.ok).toBe(true);
    expect(held?.text).toMatch(/^Level 'First' is paged at .*: Ada snoozed it/);
    expect(Date.parse(sent?.at ?? '')).toBeGreaterThanOrEqual(Date.parse(textAt(held?.details, 'until') ?? ''));
    expect(await ended(execution)).toBe('SUCCEEDED');
  }, 90_000);

  test('snoozed after a page, it pages the same level again when the quiet is over', async () => {
    const incident = await openIncident(table, { severity: 'SEV3' });
    const execution = await start(incident);
    await until(incident, 'page-sent');
    const ask = { op: 'snooze', incidentId: incident.id, by: 'Ada', reason: 'in a meeting', minutes: 1 } as const;
    const quiet = await snooze(table, ask, new Date(Date.now() - 45_000));
    const [, again] = await until(incident, 'page-sent', 2);
    await acknowledge(table, incident.id, { by: 'Ada', how: 'command-line' });

    const end = (await getIncident(table, incident.id))?.snooze?.until ?? '';
    expect(quiet.ok).toBe(true);
    expect(again?.details).toMatchObject({ level: 'First', round: 1, attempt: 1 });
    expect(Date.parse(again?.at ?? '')).toBeGreaterThanOrEqual(Date.parse(end));
    expect(await ended(execution)).toBe('SUCCEEDED');
  }, 90_000);

  test('is not snoozed for longer than its severity allows, nor where somebody has it', async () => {
    const incident = await openIncident(table, { severity: 'SEV1' });
    const ask = { op: 'snooze', incidentId: incident.id, by: 'Ada', reason: 'later' } as const;
    const tooLong = await snooze(table, { ...ask, minutes: 61 }, new Date());
    await acknowledge(table, incident.id, { by: 'Bob', how: 'command-line' });
    const taken = await snooze(table, { ...ask, minutes: 5 }, new Date());

    expect(tooLong).toEqual({
      ok: false,
      problem: expect.stringMatching(/SEV1 is snoozed for 60 minutes at most, not 61/),
    });
    expect(taken).toEqual({ ok: false, problem: expect.stringMatching(/Bob acknowledged/) });
  });

  test('resolved while it pages, it ends and says so', async () => {
    const incident = await openIncident(table);
    const execution = await start(incident);
    await until(incident, 'page-sent');
    await changeIncident(table, incident.id, () => ({
      set: { status: 'closed', closedAt: new Date().toISOString() },
      entries: [{ stage: 'triage', kind: 'incident-closed', text: 'Closed: a drill', by: 'Ada' }],
    }));

    expect(await ended(execution)).toBe('SUCCEEDED');
    expect((await records(incident)).at(-1)?.text).toBe('Paging ended: the incident was closed');
  }, 90_000);

  test('gets worse in the middle: the next attempt pages from the first level, the old one gives way', async () => {
    const incident = await openIncident(table, { severity: 'SEV3' });
    const old = await start(incident);
    await until(incident, 'page-sent');
    await changeIncident(table, incident.id, (before) => ({
      set: {
        severity: 'SEV1',
        handOvers: {
          ...before.handOvers,
          escalation: {
            ...nextEscalation(
              {
                handOvers: { escalation: { kind: 'escalation', state: 'started', since: before.openedAt, attempt: 1 } },
              },
              new Date(),
            ),
            state: 'started',
          },
        },
      },
      entries: [{ stage: 'triage', kind: 'severity-changed', text: 'Severity raised', by: 'triage' }],
    }));
    const next = await start(incident, 'People', 2);
    const sent = await until(incident, 'page-sent', 2);
    await acknowledge(table, incident.id, { by: 'Ada', how: 'command-line' });

    expect(await ended(old)).toBe('SUCCEEDED');
    expect(await ended(next)).toBe('SUCCEEDED');
    expect(sent.map(({ details }) => details?.['attempt'])).toEqual([1, 2]);
    expect((await records(incident)).some(({ text }) => text.includes('attempt 2 of the escalation took over'))).toBe(
      true,
    );
  }, 90_000);

  test('merged while both page: the younger ends, the older goes on, and the link of the younger answers it', async () => {
    const older = await openIncident(table, { severity: 'SEV2' });
    const younger = await openIncident(table, { severity: 'SEV2' });
    const [first, second] = [await start(older), await start(younger)];
    await Promise.all([until(older, 'page-sent'), until(younger, 'page-sent')]);
    await changeIncident(table, older.id, (before) => takeIn(before, younger, new Date()));
    await changeIncident(table, younger.id, (before) => giveUp(before, older));

    expect(await ended(second)).toBe('SUCCEEDED');
    expect((await records(younger)).at(-1)?.text).toMatch(/^Paging ended: the incident was merged into/);
    const { outcome, incident } = await acknowledge(table, younger.id, { by: 'Ada', how: 'command-line' });
    expect([outcome, incident.id]).toEqual(['acknowledged', older.id]);
    expect(await ended(first)).toBe('SUCCEEDED');
  }, 90_000);

  test('a changed rotation does not change who is paged by an escalation under way', async () => {
    const { definition } = await describeExecution(outputs['People'] ?? '');

    // Whose turn it is is looked up in what the machine itself says, and an execution keeps the machine it began with.
    expect(definition).toContain('BobsQueue');
    expect(definition).toContain('2026-11-16T09:00');
  });

  test('whoever is silent for too long is paged again; a note is a sign of life, and so is taking over', async () => {
    const incident = await openIncident(table);
    const execution = await start(incident, 'Watched');
    await until(incident, 'page-sent');
    await acknowledge(table, incident.id, { by: 'Ada', how: 'command-line' });
    const handed = await handOver(
      table,
      { op: 'hand-over', incidentId: incident.id, by: 'Ada', to: 'Bob', reason: 'end of shift' },
      new Date(),
    );
    expect(handed.ok).toBe(true);
    expect((await getIncident(table, incident.id))?.acknowledgement).toMatchObject({ by: 'Bob', how: 'hand-over' });
    expect((await sfn.send(new DescribeExecutionCommand({ executionArn: execution }))).status).toBe('RUNNING');

    const look = (minutes: number) =>
      watchSilence(
        table,
        {
          schemaVersion: 1,
          incidentId: incident.id,
          attempt: 1,
          cycle: 1,
          round: 1,
          chain: 'Watched',
          why: 'silence',
          startAgain: 0,
          pagers: [],
          silenceSeconds: 900,
        },
        new Date(Date.now() + minutes * 60_000),
      );
    expect((await look(14)).outcome).toBe('again');
    expect((await look(16)).outcome).toBe('over');
    const after = await getIncident(table, incident.id);
    expect(after?.acknowledgement).toBeUndefined();
    expect(after?.handOvers['escalation']).toMatchObject({ state: 'pending' });
    expect((await records(incident)).at(-1)?.text).toMatch(/because Bob has said nothing for 16 minutes/);
    await sfn.send(new StopExecutionCommand({ executionArn: execution }));
  }, 90_000);

  test('acknowledged after nobody answered, it looks after whoever did so, and pages nobody for that', async () => {
    const incident = await openIncident(table, {
      chain: 'Watched',
      handOvers: { escalation: { kind: 'escalation', state: 'started', since: new Date().toISOString(), attempt: 1 } },
    });
    expect(await ended(await start(incident, 'Watched'))).toBe('FAILED');
    await acknowledge(table, incident.id, { by: 'Ada', how: 'link' });
    process.env['ESCALATION_MACHINES'] = JSON.stringify({ Watched: outputs['Watched'] });
    const seen = await getIncident(table, incident.id);
    await watchAgain(table, seen as Incident);
    await watchAgain(table, seen as Incident); // Two runs of the auditor that see the same begin one attempt.

    await until(incident, 'escalation-ended');
    const texts = (await records(incident)).map(({ text }) => text);
    expect(texts.filter((text) => /^No escalation looked whether Ada.*attempt 2 does/.test(text))).toHaveLength(1);
    expect(texts.at(-1)).toBe('Paging ended: Ada acknowledged');
    expect((await kinds(incident)).filter((kind) => kind === 'page-sent')).toHaveLength(1);
    const executionArn = `${(outputs['Watched'] ?? '').replace(':stateMachine:', ':execution:')}:${executionName(incident.id, 2)}`;
    expect((await sfn.send(new DescribeExecutionCommand({ executionArn }))).status).toBe('RUNNING');
    await sfn.send(new StopExecutionCommand({ executionArn }));
  }, 90_000);

  async function describeExecution(stateMachineArn: string): Promise<{ definition: string }> {
    const { DescribeStateMachineCommand } = await import('@aws-sdk/client-sfn');
    const { definition } = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
    return { definition: definition ?? '' };
  }
});
