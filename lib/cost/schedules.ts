import { HOURS_A_MONTH, PRICES } from './prices';
import type { TemplateResource } from './template-resource';

/** What a run is taken to be: our functions look around and find nothing. */
const RUN = { seconds: 0.5, gigabytes: 0.5, gigabytesOfLogs: 0.000_001_5 };

/** Of one run. */
export const RUN_USD =
  PRICES.invocation + RUN.seconds * RUN.gigabytes * PRICES.gigabyteSecond + RUN.gigabytesOfLogs * PRICES.gigabyteOfLogs;

export function isSchedule({ Type, Properties: { ScheduleExpression, State } = {} }: TemplateResource): boolean {
  return Type === 'AWS::Events::Rule' && ScheduleExpression !== undefined && State !== 'DISABLED';
}

/** Of a schedule such as `rate(5 minutes)`; undefined for another kind. */
export function runsAMonth({ Properties: { ScheduleExpression } = {} }: TemplateResource): number | undefined {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(String(ScheduleExpression)) ?? [];
  if (count === undefined || unit === undefined) return undefined;
  const hours = { minute: 1 / 60, hour: 1, day: 24 }[unit] ?? 1;
  return HOURS_A_MONTH / (Number(count) * hours);
}
