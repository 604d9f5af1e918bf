import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { App, CfnOutput, Lazy, SecretValue, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeEvent } from '../../lambdas/report/publisher/make-event';
import { requestEscalation } from '../../lambdas/shared/hand-over/escalation';
import { changeIncident } from '../../lambdas/shared/store/incidents';
import { readTimeline } from '../../lambdas/shared/store/timelines';
import { makeTable, type Table } from '../../lambdas/shared/store/table';
import { Recipient } from '../../lib/escalate/recipient';
import { Stakeholder, StakeholderEvent } from '../../lib/escalate/stakeholder';
import { StakeholderUpdates } from '../../lib/escalate/stakeholder-updates';
import type { Incident } from '../../lib/model/incident';
import type { TimelineEntry } from '../../lib/model/timeline';
import { IncidentSeverity } from '../../lib/triage/response-plan';
import { IncidentStore } from '../../lib/triage/incident-store';
import { deploy } from '../../local/cdk';
import { packageRoot } from '../../local/paths';
import { embeddedAws, eventually } from '../embedded/aws';
import { openIncident } from './own-store';
import { startReceiver, type Receiver } from './receiver';

jest.setTimeout(180_000);

const STACK = 'StakeholderUpdates';
const aws = embeddedAws();
const bus = new EventBridgeClient(aws.client);
let receiver: Receiver;
let outputs: Record<string, string>;
let table: Table;

function synthesise(assembly: string): void {
  const app = new App({ outdir: assembly });
  const stack = new Stack(app, STACK, { env: { account: aws.account, region: aws.region } });
  const local = (path: string) => Recipient.https(Lazy.string({ produce: () => `${receiver.url}${path}` }));
  const store = new IncidentStore(stack, 'Store');
  const eventBus = new EventBus(stack, 'Bus');
  const broken = new Secret(stack, 'Broken', { secretStringValue: SecretValue.unsafePlainText('this is no URL') });
  new StakeholderUpdates(stack, 'Updates', {
    stakeholders: [
      new Stakeholder({
        name: 'management',
        recipient: Recipient.person('Ada', [Recipient.slack({ webhookUrl: broken }), local('/management')]),
        events: [StakeholderEvent.OPENED, StakeholderEvent.CLOSED],
      }),
      new Stakeholder({
        name: 'legal',
        recipient: local('/legal'),
        events: [StakeholderEvent.OPENED, StakeholderEvent.REPORT_FINAL],
        severityAtLeast: IncidentSeverity.SEV2,
      }),
    ],
    store,
    bus: eventBus,
    encryptionKey: new Key(stack, 'Key'),
  });
  new CfnOutput(stack, 'OutTable', { value: store.table.tableName }).overrideLogicalId('Table');
  new CfnOutput(stack, 'OutBus', { value: eventBus.eventBusName }).overrideLogicalId('Bus');
  app.synth();
}

beforeAll(async () => {
  receiver = await startReceiver();
  const folder = join(packageRoot(), '.firebreak', 'stakeholder-updates');
  await rm(folder, { recursive: true, force: true });
  const assembly = join(folder, 'cdk.out');
  synthesise(assembly);
  const outputsFile = join(folder, 'outputs.json');
  await deploy({ aws, assembly, outputsFile });
  outputs = (JSON.parse(readFileSync(outputsFile, 'utf8')) as Record<string, Record<string, string>>)[STACK] ?? {};
  table = makeTable(new DynamoDBClient(aws.client), outputs['Table'] ?? '');
});
afterAll(() => receiver.close());

/** Tells the bus of every record, as the publisher does; each twice. */
async function publish(incident: Incident): Promise<void> {
  const events = (await readTimeline(table, incident.id)).flatMap((record) => makeEvent(record, incident) ?? []);
  for (const event of [...events, ...events]) {
    await bus.send(new PutEventsCommand({ Entries: [{ ...event, EventBusName: outputs['Bus'] }] }));
  }
}

const say = (incident: Incident, entry: Partial<TimelineEntry>, set: Partial<Incident> = {}) =>
  changeIncident(table, incident.id, () => ({
    set,
    entries: [{ stage: 'triage', kind: 'note', text: 'x', by: 'triage', ...entry }],
  }));

interface Update {
  readonly type: string;
  readonly stakeholder: string;
  readonly incidents: readonly { readonly id: string; readonly news: readonly { readonly event: string }[] }[];
}

/** What a stakeholder heard of an incident, message by message. */
const heard = (path: string, id: string) =>
  receiver.received
    .filter((request) => request.path === path)
    .map(({ body }) => JSON.parse(body) as Update)
    .flatMap(({ incidents }) => incidents.filter((one) => one.id === id))
    .map(({ news }) => news.map(({ event }) => event));

const updatesIn = async (id: string) =>
  (await readTimeline(table, id)).filter(({ kind }) => kind === 'update-sent' || kind === 'update-failed');

describe('stakeholders', () => {
  test('hear once what they asked for, by the next channel where one is broken, and the timeline says so', async () => {
    const mild = await openIncident(table, { severity: 'SEV3', title: 'Bucket <!channel> https://evil.example' });
    const severe = await openIncident(table, { severity: 'SEV1' });
    const unnamed = await openIncident(table, { severity: 'SEV1', stakeholders: [] });
    for (const incident of [mild, severe, unnamed]) await publish(incident);

    await eventually(
      'both updates',
      () =>
        Promise.resolve(
          heard('/legal', severe.id).length > 0 && heard('/management', mild.id).length > 0 ? true : undefined,
        ),
      120_000,
    );
    expect(heard('/management', mild.id)).toEqual([['opened']]);
    expect(heard('/management', severe.id)).toEqual([['opened']]);
    expect(heard('/legal', severe.id)).toEqual([['opened']]);
    expect(heard('/legal', mild.id)).toEqual([]);
    expect([...heard('/legal', unnamed.id), ...heard('/management', unnamed.id)]).toEqual([]);
    const said = receiver.received.map(({ body }) => body).join();
    expect(said).not.toMatch(/https:\/\/evil|<!|\/a\/|\/p\//);

    const records = await eventually('both records', async () => {
      const found = await updatesIn(severe.id);
      return found.length === 2 ? found : undefined;
    });
    // Who is told first is nobody's business.
    expect(records.map(({ kind, text }) => [kind, text]).sort()).toEqual([
      ['update-sent', "Told 'legal' (webhook): opened"],
      ['update-sent', "Told 'management' (webhook): opened"],
    ]);

    // It becomes what legal waits for: they hear of it from its beginning.
    await say(mild, { kind: 'severity-changed', details: { from: 'SEV3', to: 'SEV2' } }, { severity: 'SEV2' });
    receiver.answers.push({ status: 403 });
    await publish({ ...mild, severity: 'SEV2' });
    const failed = await eventually(
      'a failure on the timeline',
      async () => (await updatesIn(mild.id)).find(({ kind }) => kind === 'update-failed'),
      120_000,
    );
    expect(failed.text).toMatch(
      /^Could not tell 'legal' \(opened\): webhook: WebhookError: 127\.0\.0\.1:\d+ answered 403$/,
    );

    // What could not be told is told with the next thing that happens.
    await say(mild, { kind: 'incident-closed', text: 'Closed: done', by: 'Maya' }, { status: 'closed' });
    await say(mild, { kind: 'report-written' });
    await publish(mild);
    await eventually(
      'the rest',
      () =>
        Promise.resolve(
          heard('/legal', mild.id).flat().includes('report-final') && heard('/management', mild.id).length > 1
            ? true
            : undefined,
        ),
      120_000,
    );
    // The first was refused. The queue tries it again by itself, before the rest or together with it.
    const [refused, ...taken] = heard('/legal', mild.id);
    expect([refused, taken.flat()]).toEqual([['opened'], ['opened', 'report-final']]);
    expect(heard('/management', mild.id)).toEqual([['opened'], ['closed']]);
    const kinds = await eventually('a record of each', async () => {
      const found = (await updatesIn(mild.id)).map(({ kind }) => kind);
      return found.length === 1 + taken.length + 2 ? found : undefined;
    });
    expect(kinds.filter((kind) => kind === 'update-failed')).toHaveLength(1);
  });

  test('could be told of it where a containment failed: the severity that it has then is on the timeline', async () => {
    const incident = await openIncident(table, { severity: 'SEV3' });
    await requestEscalation(table, incident.id, { reason: 'the keys are active again', by: 'auditor' });
    await requestEscalation(table, incident.id, { reason: 'still', by: 'auditor' });

    const raised = (await readTimeline(table, incident.id)).filter(({ kind }) => kind === 'severity-changed');
    expect(raised.map(({ by, details }) => [by, details])).toEqual([
      ['auditor', { from: 'SEV3', to: 'SEV1', because: 'the keys are active again' }],
    ]);
  });
});
