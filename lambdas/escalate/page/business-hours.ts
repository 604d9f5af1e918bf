import { DateTime } from 'luxon';
import type { BusinessHoursSnapshot } from '../../../lib/model/recipient';
import type { Severity } from '../../../lib/model/severity';

/** A year of holidays is a mistake in the configuration: then it is paged. */
const MAX_DAYS = 370;

/**
 * Until when a page can wait: the next opening. Undefined where it is open now, and always for SEV1 and SEV2: those
 * wait for nobody's morning.
 */
export function heldUntil(hours: BusinessHoursSnapshot | undefined, severity: Severity, now: Date): Date | undefined {
  if (!hours || severity === 'SEV1' || severity === 'SEV2') return undefined;
  const here = DateTime.fromJSDate(now, { zone: hours.timeZone });
  for (let ahead = 0; ahead <= MAX_DAYS; ahead++) {
    const day = here.plus({ days: ahead });
    if (!hours.days.includes(day.weekday) || hours.holidays.includes(day.toISODate() ?? '')) continue;
    const from = at(day, hours.from);
    if (here < from) return from.toJSDate();
    if (here < at(day, hours.to)) return undefined;
  }
  return undefined;
}

function at(day: DateTime, time: string): DateTime {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return day.set({ hour, minute, second: 0, millisecond: 0 });
}
