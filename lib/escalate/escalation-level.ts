import type { Duration } from 'aws-cdk-lib';
import type { BusinessHours } from './business-hours';
import type { Recipient } from './recipient';
import type { Rotation } from './rotation';

/** How long an acknowledgement is waited for, by severity; each 1 to 9000 minutes. */
export interface AcknowledgeTimes {
  /** @default - the level's `acknowledgeWithin` */
  readonly sev1?: Duration;
  /** @default - the level's `acknowledgeWithin` */
  readonly sev2?: Duration;
  /** @default - the level's `acknowledgeWithin` */
  readonly sev3?: Duration;
  /** @default - the level's `acknowledgeWithin` */
  readonly sev4?: Duration;
}

/** Who is paged together, and how long they have. */
export interface EscalationLevel {
  /** For people; unique in its chain, letters, digits, spaces and `-_.'`, 60 characters at most. */
  readonly name: string;
  /** Paged at the same time; 1 to 30, or none where a rotation says who is on call. */
  readonly recipients: Recipient[];
  /**
   * People who take turns; the one on call is paged beside the recipients.
   *
   * @default - only the recipients
   */
  readonly rotation?: Rotation;
  /**
   * When this level is paged about SEV3 and SEV4; they wait for the next opening.
   *
   * @default - at any hour
   */
  readonly businessHours?: BusinessHours;
  /** How long an acknowledgement is waited for after each page; 1 to 9000 minutes. */
  readonly acknowledgeWithin: Duration;
  /**
   * Other times for some severities.
   *
   * @default - `acknowledgeWithin` for all
   */
  readonly acknowledgeWithinBySeverity?: AcknowledgeTimes;
  /**
   * How many more times this level is paged before the next one; 0 to 5.
   *
   * @default - not again: the next level is paged when the time ran out
   */
  readonly repeats?: number;
}
