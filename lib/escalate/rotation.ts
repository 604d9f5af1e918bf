import type { Recipient } from './recipient';
import { checkTimeZone } from './time-zone';
import type { RotationSnapshot } from '../model/recipient';
import type { RecipientScope } from './recipient-scope';

const MAX_DAYS = 366;
const LOCAL_TIME = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d$/;

export interface RotationProps {
  /** In the order in which they take turns; at least one. */
  readonly people: Recipient[];
  /** IANA name, such as `Europe/Berlin`. Shifts change at the same local time, whatever the clocks do. */
  readonly timeZone: string;
  /** When the first of them begins, as local date and time: `2026-11-23T09:00`. Its hour is when shifts are handed over. */
  readonly startsAt: string;
  /**
   * How long a shift lasts, in whole days; 1 to 366.
   *
   * @default 7
   */
  readonly everyDays?: number;
}

/** People who take turns at a level: the one on call is paged. A changed rotation counts for escalations that begin later. */
export class Rotation {
  /** @throws Error that lists everything that is wrong. */
  public constructor(private readonly props: RotationProps) {
    const { people, timeZone, startsAt, everyDays } = props;
    const problems = [
      ...(people.length === 0 ? ["'people' is empty: nobody would be on call; name at least one"] : []),
      ...checkTimeZone(timeZone),
      ...(LOCAL_TIME.test(startsAt) && !Number.isNaN(Date.parse(`${startsAt}Z`))
        ? []
        : [`'startsAt' must be a local date and time such as 2026-11-23T09:00, got '${startsAt}'`]),
      ...(everyDays === undefined || (Number.isInteger(everyDays) && everyDays >= 1 && everyDays <= MAX_DAYS)
        ? []
        : [`'everyDays' must be a whole number from 1 to ${MAX_DAYS}, got ${everyDays}`]),
    ];
    if (problems.length > 0) throw new Error(`the rotation cannot be used:\n- ${problems.join('\n- ')}`);
  }

  /** @internal */
  public get _people(): Recipient[] {
    return this.props.people;
  }

  /** @internal */
  public _bind(scope: RecipientScope): RotationSnapshot {
    const { people, timeZone, startsAt, everyDays } = this.props;
    return { timeZone, startsAt, everyDays: everyDays ?? 7, people: people.map((person) => person._bind(scope)) };
  }
}
