import { alarmUsd, customMetrics } from './alarms';
import { POLLS_A_MONTH, PRICES } from './prices';
import { kindOf } from './resource-kinds';
import { isSchedule, runsAMonth, RUN_USD } from './schedules';
import type { TemplateResource } from './template-resource';

/** One line of an estimate. */
export interface CostLine {
  readonly what: string;
  readonly count: number;
  /** For all of them, a month. */
  readonly usd: number;
}

/** What a stack costs in a month in which nothing happens. */
export interface QuietMonth {
  /** The dearest first. */
  readonly lines: readonly CostLine[];
  readonly usd: number;
  /** What no price is known of, with how many there are. */
  readonly unknown: ReadonlyMap<string, number>;
}

export function quietMonth(resources: readonly TemplateResource[]): QuietMonth {
  const of = (type: string) => resources.filter(({ Type }) => Type === type);
  const alarms = of('AWS::CloudWatch::Alarm');
  const custom = customMetrics(alarms);
  const schedules = of('AWS::Events::Rule').flatMap((rule) => (isSchedule(rule) ? [runsAMonth(rule) ?? 0] : []));
  const polled = of('AWS::Lambda::EventSourceMapping').filter(isPolledQueue);
  const each = (what: string, type: string, price: number): CostLine => {
    const { length: count } = of(type);
    return { what, count, usd: count * price };
  };
  const lines: CostLine[] = [
    { what: 'alarms', count: alarms.length, usd: sum(alarms.map(alarmUsd)) },
    each('composite alarms', 'AWS::CloudWatch::CompositeAlarm', PRICES.compositeAlarm),
    { what: 'custom metrics', count: custom, usd: custom * PRICES.customMetric },
    each('dashboards', 'AWS::CloudWatch::Dashboard', PRICES.dashboard),
    each('keys', 'AWS::KMS::Key', PRICES.key),
    each('secrets', 'AWS::SecretsManager::Secret', PRICES.secret),
    { what: 'queues that are polled', count: polled.length, usd: polled.length * POLLS_A_MONTH * PRICES.queueRequest },
    { what: 'schedules', count: schedules.length, usd: sum(schedules) * RUN_USD },
  ];
  const unknown = new Map<string, number>();
  for (const name of resources.flatMap(unpriced)) unknown.set(name, (unknown.get(name) ?? 0) + 1);
  return {
    lines: lines.filter(({ count }) => count > 0).sort((a, b) => b.usd - a.usd),
    usd: sum(lines.map(({ usd }) => usd)),
    unknown,
  };
}

/** Streams, Kafka and DocumentDB say where to begin; brokers name their queues; the rest are queues of SQS. */
function isPolledQueue({ Properties: { StartingPosition, Queues } = {} }: TemplateResource): boolean {
  return StartingPosition === undefined && Queues === undefined;
}

/** Says of a resource what no price is known of. */
function unpriced(resource: TemplateResource): string[] {
  const { Type, Properties: { BillingMode, ScheduleExpression } = {} } = resource;
  if (kindOf(Type) === 'unknown') return [Type];
  if (isSchedule(resource) && runsAMonth(resource) === undefined) {
    return [
      `${Type} with '${typeof ScheduleExpression === 'string' ? ScheduleExpression : JSON.stringify(ScheduleExpression)}'`,
    ];
  }
  if (Type === 'AWS::DynamoDB::Table' && BillingMode !== 'PAY_PER_REQUEST')
    return [`${Type} with provisioned capacity`];
  return [];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
