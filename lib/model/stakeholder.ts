import type { ChannelTarget } from './recipient';
import { SEVERITIES, type Severity } from './severity';
import type { TimelineKind } from './timeline';

/** What somebody who does not respond can ask to be told about, in the order in which it happens. */
export const UPDATE_EVENTS = [
  'opened',
  'severity-raised',
  'acknowledged',
  'contained',
  'not-contained',
  'closed',
  'report-final',
] as const;
export type UpdateEvent = (typeof UPDATE_EVENTS)[number];

/** Which records of a timeline an update is made of. */
export const KINDS_OF_UPDATES: Readonly<Record<UpdateEvent, readonly TimelineKind[]>> = {
  opened: ['incident-opened'],
  'severity-raised': ['severity-changed'],
  acknowledged: ['acknowledged', 'handed-over', 'acknowledgement-voided'],
  contained: ['containment-verified'],
  'not-contained': [
    'containment-failed',
    'containment-refused',
    'containment-not-held',
    'containment-undone',
    'approval-declined',
    'approval-timed-out',
  ],
  closed: ['incident-closed'],
  'report-final': ['report-written'],
};

/** Whoever was told of an incident is told where it goes on, and whoever waits for a severity when it has it. */
export const ALWAYS_LOOKED_AT: readonly TimelineKind[] = ['incident-merged', 'severity-changed'];

/** Where an update can go: whatever does not ring. */
export type UpdateTarget = Exclude<ChannelTarget, { readonly kind: 'sms' | 'pager-duty' }>;

/** Somebody who is told how incidents go, and never paged. */
export interface Stakeholder {
  /** Unique; incidents name whom they tell. */
  readonly name: string;
  readonly events: readonly UpdateEvent[];
  /** Incidents of this severity and worse ones; of all without it. */
  readonly severityAtLeast?: Severity;
  /** Tried in this order, until one takes the update. */
  readonly channels: readonly UpdateTarget[];
}

/** Whom two incidents tell that become one: without names, an incident tells everybody. */
export function toldTogether(
  one: readonly string[] | undefined,
  other: readonly string[] | undefined,
): readonly string[] | undefined {
  return one && other && [...new Set([...one, ...other])];
}

/** Whether a stakeholder is told of an incident at all, as bad as it is now. */
export function isTold(
  { name, severityAtLeast }: Pick<Stakeholder, 'name' | 'severityAtLeast'>,
  { stakeholders, severity }: { readonly stakeholders?: readonly string[]; readonly severity: Severity },
): boolean {
  if (stakeholders && !stakeholders.includes(name)) return false;
  return severityAtLeast === undefined || SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(severityAtLeast);
}
