import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Alert } from '../../../lib/model/alert';
import { Correlator } from '../../../lib/sigma/correlation/correlator';
import type { CorrelationState } from '../../../lib/sigma/correlation/state';
import { IndexedMatcher } from '../../../lib/sigma/match/indexed-matcher';
import type * as Clients from './clients';
import { correlate } from './correlate';
import { decode } from './decode';
import { detect } from './detect';
import { readEnv } from './env';
import { alertBody, rejectedBody } from './message';
import { program } from './program';

const env = readEnv();
const matcher = new IndexedMatcher(program);
const correlator = new Correlator(program, { add: (where, entries) => correlations().add(where, entries) });
let client: SQSClient | undefined;

/** Beside this bundle, in a file of its own: most deliveries hold nothing, and do not even read it. */
function clients(): typeof Clients {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- import() would look for the name of an ES module
  return require('./clients') as typeof Clients;
}

/** Most deliveries hold nothing: only one that does loads the client. */
function sqs(): SQSClient {
  if (client === undefined) {
    const { SQSClient } = clients();
    client = new SQSClient({});
  }
  return client;
}

let state: CorrelationState | undefined;

/** Made for the first event that a correlation counts. */
function correlations(): CorrelationState {
  if (env.correlationTable === undefined)
    throw new Error('the rules have correlations and CORRELATION_TABLE is not set; deploy rules and detector together');
  if (state === undefined) {
    const { DynamoDBClient, DynamoDBDocumentClient, DynamoDbCorrelationState } = clients();
    const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
    state = new DynamoDbCorrelationState(client, env.correlationTable);
  }
  return state;
}

/** Left for the alerts that are on their way, and to say what was not looked at. */
const LAST_SECONDS_MS = 10_000;

/** What Lambda says of an invocation. */
interface Invocation {
  getRemainingTimeInMillis(): number;
}

/**
 * Events in, alerts on the queue. Called asynchronously by CloudWatch Logs and EventBridge: what throws is made
 * again twice by Lambda and then lies in the dead-letter queue. Made twice, the alerts keep their ids.
 *
 * An alert of a correlation is sent as soon as it is found. Where time is nearly over, no further group is counted and
 * the invocation fails: what was sent stands, and the next attempt begins with the largest groups and comes to others
 * of the rest. What three attempts do not come to lies in the dead-letter queue, and is looked at when that is redriven.
 */
export async function handler(payload: unknown, invocation?: Invocation): Promise<void> {
  const now = new Date();
  const isOver = (): boolean => invocation !== undefined && invocation.getRemainingTimeInMillis() < LAST_SECONDS_MS;
  const decoded = decode(payload, { ...env, receivedAt: now });
  const context = { now, homeAccount: env.homeAccount };
  const { alerts, observed, rejected } = detect(decoded, matcher, context, (id) => correlator.uses(id));
  for (const { place, reason } of rejected)
    console.warn({ event: 'record rejected', place, reason: reason.slice(0, 1_000) });
  if (alerts.length === 0 && rejected.length === 0 && observed.length === 0) return;

  // What is certain first, and everything even if one part fails: what is good never waits for what is bad.
  const outcomes = await Promise.allSettled([
    raise(alerts),
    send(
      env.rejectedQueueUrl,
      rejected.map((item) => rejectedBody(item, now)),
    ),
    correlate(observed, correlator, context, { raise, isOver }),
  ]);
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
  if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('; '));
}

async function raise(alerts: readonly Alert[]): Promise<void> {
  if (alerts.length === 0) return;
  await send(env.alertQueueUrl, alerts.map(alertBody));
  console.info({
    event: 'alerts raised',
    alerts: alerts.map(({ finding_info }) => ({ id: finding_info.uid, rule: finding_info.analytic.uid })),
  });
}

async function send(queueUrl: string, bodies: readonly string[]): Promise<void> {
  if (bodies.length === 0) return;
  await clients().sendAll(sqs(), queueUrl, bodies);
}
