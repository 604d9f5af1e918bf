import type { JsonObject } from './json';

export const TIMELINE_SCHEMA_VERSION = 1;

export const STAGES = ['log', 'detect', 'triage', 'contain', 'escalate', 'report'] as const;
export type Stage = (typeof STAGES)[number];

/** Everything that can happen to an incident. The publisher turns some of them into events on the bus. */
export const TIMELINE_KINDS = [
  'incident-opened',
  'alert-raised',
  'severity-changed',
  'moment-recorded',
  'information-missing',
  'note',
  'hand-over-started',
  'hand-over-failed',
  'containment-planned',
  'containment-refused',
  'approval-requested',
  'approval-granted',
  'approval-declined',
  'approval-timed-out',
  'approval-withdrawn',
  'containment-started',
  'containment-held-by-another',
  'evidence-collected',
  'evidence-failed',
  'state-recorded',
  'action-applied',
  'action-failed',
  'containment-verified',
  'containment-held',
  'containment-not-held',
  'containment-undone',
  'containment-failed',
  'sweep-started',
  'sweep-found',
  'sweep-ended',
  'sweep-failed',
  'release-started',
  'release-refused',
  'hold-removed',
  'action-released',
  'action-not-released',
  'containment-released',
  'release-failed',
  'escalation-started',
  'page-sent',
  'page-failed',
  'page-held',
  'acknowledged',
  'acknowledgement-voided',
  'snoozed',
  'handed-over',
  'level-unanswered',
  'escalation-exhausted',
  'escalation-ended',
  'update-sent',
  'update-failed',
  'incident-merged',
  'incident-closed',
  'report-written',
] as const;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

/** What a stage says; the store adds the chain. Details stay under 4 KB: what is larger lies in the vault. */
export interface TimelineEntry {
  readonly stage: Stage;
  readonly kind: TimelineKind;
  /** One plain sentence. May hold what an attacker wrote: every page that shows it neutralises it. */
  readonly text: string;
  /** Who or what did it: a person's name, an execution, a stage. */
  readonly by: string;
  readonly details?: JsonObject;
}

/** One record of the hash-chained, append-only timeline of an incident. */
export interface TimelineRecord extends TimelineEntry {
  readonly schemaVersion: typeof TIMELINE_SCHEMA_VERSION;
  readonly incidentId: string;
  /** 1, 2, 3 … without gaps. */
  readonly sequence: number;
  /** ISO 8601, UTC, milliseconds. */
  readonly at: string;
  /** SHA-256 (hex) of the record before; of the incident id for the first. */
  readonly previousHash: string;
  /** SHA-256 (hex) of the canonical JSON of all fields but this one. */
  readonly hash: string;
}
