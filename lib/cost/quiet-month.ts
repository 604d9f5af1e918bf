import { CANARY_PASSED, CANARY_SECONDS } from '../model/metrics';
import { HOURS_A_MONTH, POLLS_A_MONTH, PRICES } from './prices';
import { kindOf } from './resource-kinds';

/** What of a resource decides its price. */
export interface PricedResource {
  readonly type: string;
  /** Of an alarm: what it looks at. */
  readonly metrics?: readonly { readonly namespace: string; readonly name: string }[];
  /** Of an alarm, in seconds. */
  readonly period?: number;
  /** Of a rule: times that it starts a function, a month. */
  readonly runs?: number;
  /** Of an event source mapping: whether a queue is polled. */
  readonly polls?: boolean;
}

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
  /** Types of resources of which no price is known here, with how many there are. */
  readonly unknown: ReadonlyMap<string, number>;
}

/** What a run of a schedule is taken to be: our functions look around and find nothing. */
const RUN = { seconds: 0.5, gigabytes: 0.5, gigabytesOfLogs: 0.000_001_5 };

export function quietMonth(resources: readonly PricedResource[]): QuietMonth {
  const of = (type: string) => resources.filter((resource) => resource.type === type);
  const alarms = of('AWS::CloudWatch::Alarm');
  const custom = customMetrics(alarms);
  const schedules = of('AWS::Events::Rule').filter(({ runs = 0 }) => runs > 0);
  const runs = schedules.reduce((sum, { runs: each = 0 }) => sum + each, 0);
  const polled = of('AWS::Lambda::EventSourceMapping').filter(({ polls }) => polls === true);
  const each = (what: string, type: string, price: number): CostLine => {
    const { length: count } = of(type);
    return { what, count, usd: count * price };
  };
  const lines: CostLine[] = [
    { what: 'alarms', count: alarms.length, usd: alarms.reduce((sum, alarm) => sum + alarmUsd(alarm), 0) },
    each('composite alarms', 'AWS::CloudWatch::CompositeAlarm', PRICES.compositeAlarm),
    { what: 'custom metrics', count: custom, usd: custom * PRICES.customMetric },
    each('dashboards', 'AWS::CloudWatch::Dashboard', PRICES.dashboard),
    each('keys', 'AWS::KMS::Key', PRICES.key),
    each('secrets', 'AWS::SecretsManager::Secret', PRICES.secret),
    { what: 'queues that are polled', count: polled.length, usd: polled.length * POLLS_A_MONTH * PRICES.queueRequest },
    { what: 'schedules', count: schedules.length, usd: runs * runUsd() },
  ];
  const unknown = new Map<string, number>();
  for (const { type } of resources) {
    if (kindOf(type) === 'unknown') unknown.set(type, (unknown.get(type) ?? 0) + 1);
  }
  return {
    lines: lines.filter(({ count }) => count > 0).sort((a, b) => b.usd - a.usd),
    usd: lines.reduce((sum, { usd }) => sum + usd, 0),
    unknown,
  };
}

function alarmUsd({ metrics = [], period = 60 }: PricedResource): number {
  return Math.max(1, metrics.length) * (period < 60 ? PRICES.highResolutionAlarmMetric : PRICES.alarmMetric);
}

/** Those that alarms look at, each once, and what the canary measures beside its alarm. AWS's own cost nothing. */
function customMetrics(alarms: readonly PricedResource[]): number {
  const found = new Set<string>();
  for (const { namespace, name } of alarms.flatMap(({ metrics = [] }) => metrics)) {
    if (namespace.startsWith('AWS/')) continue;
    found.add(`${namespace} ${name}`);
    if (name === CANARY_PASSED) found.add(`${namespace} ${CANARY_SECONDS}`);
  }
  return found.size;
}

function runUsd(): number {
  return (
    PRICES.invocation +
    RUN.seconds * RUN.gigabytes * PRICES.gigabyteSecond +
    RUN.gigabytesOfLogs * PRICES.gigabyteOfLogs
  );
}

/** Of a schedule such as `rate(5 minutes)`; undefined for another kind. */
export function runsAMonth(expression: string): number | undefined {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (count === undefined || unit === undefined) return undefined;
  const hours = { minute: 1 / 60, hour: 1, day: 24 }[unit] ?? 1;
  return HOURS_A_MONTH / (Number(count) * hours);
}
