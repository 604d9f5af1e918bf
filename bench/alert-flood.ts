import { GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Alert } from '../lib/model/alert';
import type { Incident } from '../lib/model/incident';
import { textAt } from '../lib/model/json';
import type { TimelineRecord } from '../lib/model/timeline';
import { awsApi } from '../local/api';
import { startEmbeddedAws } from '../local/embedded-aws';
import { deployFirebreak, TEST_STACK } from '../test/embedded/deploy-firebreak';
import { sampleAlert, user } from '../test/samples/alert';

/** Every tenth message is a second delivery of an alert that was sent before. */
const DUPLICATES = 0.1;
/** Every fifth alert is about one principal: the incident that all of triage fights for. */
const HOT = 0.2;
const PRINCIPALS = 200;
const QUIET_MS = 20_000;

/**
 * A flood of alerts into the alert queue of the embedded AWS, paced over some minutes: is anything lost, does it
 * collapse, does an item grow without a bound, and how long does an alert wait for its incident?
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { alerts: { type: 'string', default: '10000' }, minutes: { type: 'string', default: '5' } },
  });
  const [messages, minutes] = [Number(values.alerts), Number(values.minutes)];
  // Escalations wait as long as they do on AWS: nobody answers here, and that is not what is measured.
  const aws = await startEmbeddedAws({ lambdaConcurrency: 64, log: (line) => process.stderr.write(`${line}\n`) });
  try {
    const folder = mkdtempSync(join(tmpdir(), 'flood-'));
    const files = { outputs: join(folder, 'outputs.json'), assembly: join(folder, 'assembly') };
    await deployFirebreak(aws, files);
    const all = JSON.parse(readFileSync(files.outputs, 'utf8')) as Record<string, Record<string, string>>;
    const outputs = all[TEST_STACK];
    const output = (name: string) => outputs?.[`Firebreak${name}`] ?? '';
    return await flood(awsApi(aws), { messages, minutes, output });
  } finally {
    await aws.stop();
  }
}

interface Flood {
  readonly messages: number;
  readonly minutes: number;
  readonly output: (name: string) => string;
}

async function flood(api: ReturnType<typeof awsApi>, { messages, minutes, output }: Flood): Promise<number> {
  const queue = output('AlertQueue');
  const unique = Math.round(messages * (1 - DUPLICATES));
  const started = Date.now();
  let late = 0;
  for (let sent = 0; sent < messages; sent += 10) {
    const due = started + (sent / messages) * minutes * 60_000;
    if (due > Date.now()) await sleep(due - Date.now());
    else late = Math.max(late, Date.now() - due);
    const batch = Array.from({ length: Math.min(10, messages - sent) }, (_, index) => numbered(sent + index, unique));
    const { Failed = [] } = await api.queues.send(
      new SendMessageBatchCommand({
        QueueUrl: queue,
        Entries: batch.map((alert, index) => ({ Id: String(index), MessageBody: JSON.stringify(alert) })),
      }),
    );
    if (Failed.length > 0) throw new Error(`the queue did not take ${Failed.length} of a batch`);
  }
  const sentAfter = Date.now() - started;
  await drained(api, queue);
  const drainedAfter = Date.now() - started - QUIET_MS;
  const parked = await parkedOf(api, output('DeadLetterQueues'));
  return report(await readStore(api, output('IncidentTable')), {
    messages,
    unique,
    parked,
    late,
    sentAfter,
    drainedAfter,
  });
}

/** The nth message: beyond the unique ones, one that was sent before, a little apart. */
function numbered(message: number, unique: number): Alert {
  const number = message < unique ? message : (message * 7) % unique;
  const principal = number % (1 / HOT) === 0 ? 'hot' : `principal-${number % PRINCIPALS}`;
  const alert = sampleAlert({
    event: `flood-${number}`,
    level: 'medium',
    rule: `00000000-0000-4000-8000-${String(number % 150).padStart(12, '0')}`,
    entities: [user(principal), user(`address-${number}`, { kind: 'address', id: `198.51.${number % 250}.7` })],
    title: `Flood ${number}`,
  });
  return { ...alert, metadata: { ...alert.metadata, logged_time: Date.now() } };
}

/** Nothing waits, nothing is under way, for a while. */
async function drained(api: ReturnType<typeof awsApi>, QueueUrl: string): Promise<void> {
  let quietSince: number | undefined;
  for (;;) {
    const { Attributes } = await api.queues.send(
      new GetQueueAttributesCommand({
        QueueUrl,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    const left = Object.values(Attributes ?? {}).reduce((sum, value) => sum + Number(value), 0);
    if (left > 0) quietSince = undefined;
    else quietSince ??= Date.now();
    if (quietSince !== undefined && Date.now() - quietSince >= QUIET_MS) return;
    process.stderr.write(`${left} messages left\n`);
    await sleep(2_000);
  }
}

/** Ids of alerts that triage gave up on. */
async function parkedOf(api: ReturnType<typeof awsApi>, queues: string): Promise<Set<string>> {
  const ids = new Set<string>();
  for (const QueueUrl of queues.split(',').filter((url) => /Alerts/.test(url))) {
    for (;;) {
      const { Messages = [] } = await api.queues.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 }),
      );
      for (const { Body } of Messages) ids.add((JSON.parse(Body ?? '{}') as Alert).finding_info.uid);
      if (Messages.length === 0) break;
    }
  }
  return ids;
}

interface Store {
  readonly dealtWith: number;
  readonly suppressed: number;
  readonly incidents: readonly Incident[];
  readonly waits: readonly number[];
  readonly largest: { readonly key: string; readonly bytes: number };
}

async function readStore(api: ReturnType<typeof awsApi>, TableName: string): Promise<Store> {
  const client = DynamoDBDocumentClient.from(api.tables);
  const logged = new Map<string, number>();
  const raised = new Map<string, number>();
  const incidents: Incident[] = [];
  let [dealtWith, suppressed] = [0, 0];
  let largest = { key: '', bytes: 0 };
  for await (const page of paginateScan({ client }, { TableName })) {
    for (const item of page.Items ?? []) {
      const [pk, sk] = [String(item['pk']), String(item['sk'])];
      const bytes = Buffer.byteLength(JSON.stringify(item));
      if (bytes > largest.bytes) largest = { key: `${pk} ${sk}`, bytes };
      if (pk.startsWith('ALERT#')) {
        dealtWith++;
        if (item['suppressedBy'] !== undefined) suppressed++;
      }
      if (sk.startsWith('ALERT#') && pk.startsWith('INCIDENT#')) {
        const alert = item['alert'] as Alert;
        logged.set(alert.finding_info.uid, alert.metadata.logged_time);
      }
      if (pk.startsWith('INCIDENT#') && sk === 'META') incidents.push(item['incident'] as Incident);
      const record = item['record'] as TimelineRecord | undefined;
      const alertId = record && textAt(record.details, 'alert');
      if (record?.kind === 'alert-raised' && alertId !== undefined) raised.set(alertId, Date.parse(record.at));
    }
  }
  const waits = [...raised].map(([id, at]) => at - (logged.get(id) ?? NaN)).sort((a, b) => a - b);
  return { dealtWith, suppressed, incidents, waits, largest };
}

interface Sent {
  readonly messages: number;
  readonly unique: number;
  readonly parked: ReadonlySet<string>;
  readonly late: number;
  readonly sentAfter: number;
  readonly drainedAfter: number;
}

function report({ dealtWith, suppressed, incidents, waits, largest }: Store, sent: Sent): number {
  const grouped = incidents.reduce((sum, incident) => sum + incident.alertCount, 0);
  const at = (share: number) => waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? NaN;
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const lost = sent.unique - grouped - suppressed - sent.parked.size;
  const hot = incidents.reduce((most, one) => (one.alertCount > most.alertCount ? one : most));
  console.log(
    [
      `messages ${sent.messages}, of them ${sent.messages - sent.unique} second deliveries`,
      `sent in ${seconds(sent.sentAfter)} (behind the pace by ${seconds(sent.late)} at most), dealt with after ${seconds(sent.drainedAfter)}`,
      `alerts ${sent.unique} = grouped ${grouped} + suppressed ${suppressed} + parked ${sent.parked.size} + lost ${lost}`,
      `known to the store ${dealtWith}; incidents ${incidents.length}; the hottest has ${hot.alertCount} alerts, ${hot.entities.length} entities, ${hot.rules.length} rules`,
      `throughput ${((sent.unique / sent.drainedAfter) * 1000).toFixed(1)} alerts a second`,
      `queue to incident: median ${seconds(at(0.5))}, p95 ${seconds(at(0.95))}, worst ${seconds(at(1))}`,
      `largest item ${largest.bytes} bytes of 409,600 (${largest.key})`,
    ].join('\n'),
  );
  return lost === 0 ? 0 : 1;
}

void main().then((code) => (process.exitCode = code));
