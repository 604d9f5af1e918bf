import type { Duration } from 'aws-cdk-lib';
import type { Recipient } from './recipient';

/** Who is paged together, and how long they have. */
export interface EscalationLevel {
  /** For people; unique in its chain, letters, digits, spaces and `-_.'`, 60 characters at most. */
  readonly name: string;
  /** Paged at the same time; 1 to 30. */
  readonly recipients: Recipient[];
  /** How long an acknowledgement is waited for after each page; 1 to 9000 minutes. */
  readonly acknowledgeWithin: Duration;
  /**
   * How many more times this level is paged before the next one; 0 to 5.
   *
   * @default - not again: the next level is paged when the time ran out
   */
  readonly repeats?: number;
}
