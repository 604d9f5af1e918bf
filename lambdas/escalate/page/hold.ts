import type { Incident } from '../../../lib/model/incident';
import type { BusinessHoursSnapshot } from '../../../lib/model/recipient';
import { heldUntil } from './business-hours';

export interface Hold {
  readonly until: Date;
  readonly because: string;
}

/** Step Functions waits a year at most; nobody is kept waiting longer than this without another look. */
const LONGEST_SECONDS = 24 * 60 * 60;

/** Why nobody is paged now, and until when; undefined where somebody is. */
export function holdOf(incident: Incident, hours: BusinessHoursSnapshot | undefined, now: Date): Hold | undefined {
  const { snooze, severity } = incident;
  if (snooze && snooze.until > now.toISOString()) {
    return { until: new Date(snooze.until), because: `${snooze.by} snoozed it` };
  }
  const until = heldUntil(hours, severity, now);
  return until && { until, because: `${severity} waits for business hours` };
}

/** Whole seconds, at least one: then it is looked at again. */
export function secondsUntil(until: Date, now: Date): number {
  return Math.min(LONGEST_SECONDS, Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000)));
}
