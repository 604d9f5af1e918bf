import { DeleteParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { isJsonObject, textAt } from '../../../lib/model/json';
import { CANARY_PASSED, CANARY_SECONDS, METRICS } from '../../../lib/model/metrics';
import { CANARY_DETAIL_TYPE } from '../../../lib/report/published-event';
import { isNamed } from '../../shared/aws-error';
import { requireEnv } from '../../shared/require-env';
import { getCanary, readCanaryState, recordPassed, registerCanary } from '../../shared/store/canaries';
import { incidentTable } from '../../shared/store/table';

const ssm = new SSMClient({});

/**
 * Both ends of the canary: on its schedule it sends one, and by an event of the publisher it hears that one came all
 * the way. Only the latter makes a metric, so whatever link breaks, the metric is missing.
 */
export async function handler(event: unknown): Promise<{ readonly sent: string } | { readonly passed: number }> {
  if (isJsonObject(event) && event['detail-type'] === CANARY_DETAIL_TYPE) return conclude(event['detail']);
  return send();
}

/** The call is real, so CloudTrail records it as it records an attacker's. */
async function send(): Promise<{ readonly sent: string }> {
  const table = incidentTable();
  const token = await registerCanary(table, new Date());
  try {
    await ssm.send(new DeleteParameterCommand({ Name: `${requireEnv('CANARY_PLACE')}${token}` }));
  } catch (error) {
    // As it should be: nothing is there.
    if (!isNamed(error, 'ParameterNotFound')) throw error;
  }
  return { sent: (await readCanaryState(table)).sentAt ?? '' };
}

/** The bus is not believed: whoever can put events there would keep the alarm quiet. */
async function conclude(detail: unknown): Promise<{ readonly passed: number }> {
  const hash = isJsonObject(detail) ? textAt(detail, 'canary') : undefined;
  const table = incidentTable();
  const canary = hash === undefined ? undefined : await getCanary(table, hash);
  if (canary?.alertId === undefined) throw new Error('the publisher named a canary of which no alert came');
  const seconds = await recordPassed(table, canary, new Date());
  count({ [CANARY_PASSED]: 1, [CANARY_SECONDS]: seconds });
  return { passed: seconds };
}

/** CloudWatch's embedded metric format: one line, no call. */
function count(values: Readonly<Record<string, number>>): void {
  const Metrics = [
    { Name: CANARY_PASSED, Unit: 'Count' },
    { Name: CANARY_SECONDS, Unit: 'Seconds' },
  ];
  process.stdout.write(
    `${JSON.stringify({
      _aws: { Timestamp: Date.now(), CloudWatchMetrics: [{ Namespace: METRICS, Dimensions: [['Stack']], Metrics }] },
      Stack: requireEnv('STACK_NAME'),
      ...values,
    })}\n`,
  );
}
