import type { JsonObject } from './json';

/** Where an event came from; decides which rules look at it and how far its fields are trusted. */
export type EventSourceKind = 'cloudtrail' | 'guardduty' | 'application';

/** One log record or finding, in the shape that the rules see. */
export interface Event {
  readonly source: EventSourceKind;
  /** The event's own id (CloudTrail `eventID`, GuardDuty finding id), the same by whichever way it comes. */
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly account: string;
  readonly region: string;
  readonly record: JsonObject;
}

/** By which way an event came in; kept for the timeline, never part of its identity. */
export interface Delivery {
  readonly via: 'subscription-filter' | 'eventbridge';
  /** Log group and stream, or the event bus rule. */
  readonly from: string;
  /** When Firebreak received it; ISO 8601, UTC. */
  readonly receivedAt: string;
}
