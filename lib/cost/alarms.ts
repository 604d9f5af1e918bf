import { CANARY_PASSED, CANARY_SECONDS } from '../model/metrics';
import { PRICES } from './prices';
import type { TemplateResource } from './template-resource';

/** A metric in a template, and how often it is looked at. */
interface Metric {
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly { readonly Name?: unknown; readonly Value?: unknown }[];
  readonly Period?: unknown;
}

interface AlarmProperties extends Metric {
  readonly Metrics?: readonly { readonly MetricStat?: { readonly Metric?: Metric; readonly Period?: unknown } }[];
  /** Of an anomaly: which of the metrics is its band. */
  readonly ThresholdMetricId?: unknown;
}

/** Upper and lower bound of an anomaly's band are billed beside the metric itself. */
const METRICS_OF_A_BAND = 2;

/** Of one alarm, a month. */
export function alarmUsd(alarm: TemplateResource): number {
  const metrics = metricsOf(alarm);
  const { ThresholdMetricId } = (alarm.Properties ?? {}) as AlarmProperties;
  const fast = metrics.some(({ Period }) => Number(Period) < 60);
  const count = Math.max(1, metrics.length) + (ThresholdMetricId === undefined ? 0 : METRICS_OF_A_BAND);
  return count * (fast ? PRICES.highResolutionAlarmMetric : PRICES.alarmMetric);
}

/** Those that alarms look at, each once, and what the canary measures beside its alarm. AWS's own cost nothing. */
export function customMetrics(alarms: readonly TemplateResource[]): number {
  const found = new Set<string>();
  for (const { Namespace = '', MetricName = '', Dimensions = [] } of alarms.flatMap(metricsOf)) {
    if (Namespace === '' || Namespace.startsWith('AWS/')) continue;
    const dimensions = Dimensions.map(({ Name, Value }) => JSON.stringify([Name, Value])).sort();
    const add = (name: string) => found.add(JSON.stringify([Namespace, name, dimensions]));
    add(MetricName);
    if (MetricName === CANARY_PASSED) add(CANARY_SECONDS);
  }
  return found.size;
}

/** One, or those that an expression is made of. */
function metricsOf({ Properties = {} }: TemplateResource): Metric[] {
  const { Metrics, ...one } = Properties as AlarmProperties;
  if (Metrics === undefined) return [one];
  return Metrics.flatMap(({ MetricStat }) => (MetricStat ? [{ ...MetricStat.Metric, Period: MetricStat.Period }] : []));
}
