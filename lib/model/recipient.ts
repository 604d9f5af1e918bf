import type { Severity } from './severity';

/**
 * Where one recipient of an escalation level is reached. It stands in the definition of the chain's state machine, so
 * that an execution pages the people of the chain that it started with. Secrets are named here, never contained.
 */
export type RecipientAddress =
  | { readonly kind: 'email'; readonly topicArn: string }
  | { readonly kind: 'sms'; readonly phoneNumber: string }
  | { readonly kind: 'https'; readonly url: string; readonly signingSecretArn?: string }
  | { readonly kind: 'queue'; readonly queueUrl: string }
  | { readonly kind: 'topic'; readonly topicArn: string }
  | { readonly kind: 'pager-duty'; readonly endpoint: string; readonly routingKeySecretArn: string }
  | { readonly kind: 'slack'; readonly urlSecretArn: string }
  | { readonly kind: 'teams'; readonly urlSecretArn: string }
  /** Tried in this order, until one takes the page. */
  | { readonly kind: 'person'; readonly channels: readonly ChannelTarget[] };

export type RecipientTarget = RecipientAddress & {
  /** Part of page ids: the same for the same address, whatever its place in the list. */
  readonly id: string;
  /** For timelines and logs: says who, without the address. */
  readonly label: string;
};

/** Where something is sent: whatever is not a person. */
export type ChannelTarget = Exclude<RecipientTarget, { readonly kind: 'person' }>;
export type PersonTarget = Extract<RecipientTarget, { readonly kind: 'person' }>;

/** People who take turns. */
export interface RotationSnapshot {
  /** IANA name, such as `Europe/Berlin`. */
  readonly timeZone: string;
  /** Local time at which the first of them begins: `2026-11-23T09:00`. */
  readonly startsAt: string;
  readonly everyDays: number;
  readonly people: readonly RecipientTarget[];
}

/** When a level is paged about what can wait. */
export interface BusinessHoursSnapshot {
  readonly timeZone: string;
  /** 1 is Monday, 7 Sunday. */
  readonly days: readonly number[];
  /** Local times, `09:00`. */
  readonly from: string;
  readonly to: string;
  /** Local dates, `2026-12-25`. */
  readonly holidays: readonly string[];
}

/** One level, as the state machine hands it to the page Lambda. */
export interface LevelSnapshot {
  readonly name: string;
  readonly recipients: readonly RecipientTarget[];
  readonly rotation?: RotationSnapshot;
  readonly businessHours?: BusinessHoursSnapshot;
  /** Seconds to acknowledge; executions of older definitions have them in a state of their own. */
  readonly seconds?: Readonly<Record<Severity, number>>;
}

/** What every state of an escalation hands on: ids and counters, no data. */
export interface EscalationState {
  readonly schemaVersion: 1;
  readonly incidentId: string;
  /** Counts executions of the chain for this incident. */
  readonly attempt: number;
  /** Counts how often the chain was started from its first level within one execution; from 1. */
  readonly cycle: number;
  /** Counts pages of one level within a cycle; from 1. */
  readonly round: number;
}

export type PageOutcome =
  /** At least one recipient was reached. */
  | 'paged'
  /** Somebody acknowledged, or the incident is closed: nobody is paged. */
  | 'answered'
  /** Not now: it is snoozed, or can wait for business hours. */
  | 'held'
  /** Every recipient failed: the next level is paged at once. */
  | 'unreachable';
export type AnswerOutcome = 'answered' | 'repeat' | 'next' | 'held';
export type FinishOutcome = 'answered' | 'again' | 'over';
