import type { SQSClient } from '@aws-sdk/client-sqs';
import { Matcher } from '../../../lib/sigma/matcher';
import { decode } from './decode';
import { detect } from './detect';
import { readEnv } from './env';
import { alertBody, rejectedBody } from './message';
import { program } from './program';
import { sendAll } from './send';

const env = readEnv();
const matcher = new Matcher(program);
let client: SQSClient | undefined;

/** Most deliveries hold nothing: only one that does loads the client. */
async function sqs(): Promise<SQSClient> {
  if (client === undefined) {
    const { SQSClient } = await import('@aws-sdk/client-sqs');
    client = new SQSClient({});
  }
  return client;
}

/**
 * Events in, alerts on the queue. Called asynchronously by CloudWatch Logs and EventBridge: what throws is made
 * again twice by Lambda and then lies in the dead-letter queue. Made twice, the alerts keep their ids.
 */
export async function handler(payload: unknown): Promise<void> {
  const now = new Date();
  const decoded = decode(payload, { ...env, receivedAt: now });
  const { alerts, rejected } = detect(decoded, matcher, { now, homeAccount: env.homeAccount });
  for (const { place, reason } of rejected)
    console.warn({ event: 'record rejected', place, reason: reason.slice(0, 1_000) });
  if (alerts.length === 0 && rejected.length === 0) return;

  const queue = await sqs();
  // The alerts first, and both even if one fails: what is good never waits for what is bad.
  const outcomes = await Promise.allSettled([
    sendAll(queue, env.alertQueueUrl, alerts.map(alertBody)),
    sendAll(
      queue,
      env.rejectedQueueUrl,
      rejected.map((item) => rejectedBody(item, now)),
    ),
  ]);
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
  if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('; '));
  if (alerts.length > 0) {
    console.info({
      event: 'alerts raised',
      alerts: alerts.map(({ finding_info }) => ({ id: finding_info.uid, rule: finding_info.analytic.uid })),
    });
  }
}
