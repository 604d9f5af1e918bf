import { DateTime } from 'luxon';
import type { RecipientTarget, RotationSnapshot } from '../../../lib/model/recipient';

/**
 * Whose turn it is. Shifts change at the same local time, whatever the clocks do in between; before the first shift
 * the turns are counted backwards, so that there is always somebody.
 */
export function onCall(rotation: RotationSnapshot, now: Date): RecipientTarget | undefined {
  const { timeZone, startsAt, everyDays, people } = rotation;
  const start = DateTime.fromISO(startsAt, { zone: timeZone });
  const here = DateTime.fromJSDate(now, { zone: timeZone });
  const days = Math.floor(here.startOf('day').diff(start.startOf('day'), 'days').days);
  let shift = Math.floor(days / everyDays);
  // On the day itself the hour decides.
  while (start.plus({ days: shift * everyDays }) > here) shift--;
  while (start.plus({ days: (shift + 1) * everyDays }) <= here) shift++;
  return people[((shift % people.length) + people.length) % people.length];
}
