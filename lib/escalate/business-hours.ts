import type { BusinessHoursSnapshot } from '../model/recipient';
import { checkTimeZone } from './time-zone';

/** Days of the week. */
export enum Weekday {
  MONDAY = 'monday',
  TUESDAY = 'tuesday',
  WEDNESDAY = 'wednesday',
  THURSDAY = 'thursday',
  FRIDAY = 'friday',
  SATURDAY = 'saturday',
  SUNDAY = 'sunday',
}

const WEEK = Object.values(Weekday);
const WORKING_DAYS = WEEK.slice(0, 5);
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

export interface BusinessHoursProps {
  /** IANA name, such as `Europe/Berlin`. */
  readonly timeZone: string;
  /** Local time, such as `09:00`. */
  readonly from: string;
  /** Local time on the same day, such as `17:30`. */
  readonly to: string;
  /** @default - Monday to Friday */
  readonly days?: Weekday[];
  /** Local dates, such as `2026-12-25`. @default - none */
  readonly holidays?: string[];
}

/** When a level is paged about what can wait: SEV3 and SEV4. SEV1 and SEV2 never wait for them. */
export class BusinessHours {
  /** @throws Error that lists everything that is wrong. */
  public constructor(private readonly props: BusinessHoursProps) {
    const { timeZone, from, to, days, holidays } = props;
    const problems = [
      ...checkTimeZone(timeZone),
      ...[from, to].filter((time) => !TIME.test(time)).map((time) => `'${time}' is no local time such as 09:00`),
      ...(from >= to ? [`'from' (${from}) is not before 'to' (${to}); use two levels for hours over midnight`] : []),
      ...(days?.length === 0
        ? ["'days' is empty: the level would never be paged; leave it out for Monday to Friday"]
        : []),
      ...(holidays ?? []).filter((date) => !DATE.test(date)).map((date) => `'${date}' is no date such as 2026-12-25`),
    ];
    if (problems.length > 0) throw new Error(`the business hours cannot be used:\n- ${problems.join('\n- ')}`);
  }

  /** @internal */
  public _snapshot(): BusinessHoursSnapshot {
    const { timeZone, from, to, days, holidays } = this.props;
    return {
      timeZone,
      days: (days ?? WORKING_DAYS).map((day) => WEEK.indexOf(day) + 1),
      from,
      to,
      holidays: holidays ?? [],
    };
  }
}
