import { assertNever } from '../model/assert-never';
import type { TimelineKind } from '../model/timeline';

/** `source` of every event on Firebreak's bus. */
export const EVENT_SOURCE = 'firebreak';

export const DETAIL_TYPES = [
  'Alert Raised',
  'Incident Opened',
  'Incident Updated',
  'Incident Escalated',
  'Containment Verified',
  'Containment Failed',
  'Incident Closed',
] as const;
/** A canary came to the end of the chain. No event of an incident: no report is written of it. */
export const CANARY_DETAIL_TYPE = 'Canary Arrived';
/** The final report lies in the vault. Not among those that a report is written of, or writing it would go round. */
export const REPORT_DETAIL_TYPE = 'Report Written';
export type DetailType = (typeof DETAIL_TYPES)[number] | typeof REPORT_DETAIL_TYPE;

/** What the publisher does with one kind of timeline record. */
export interface Publication {
  /** Detail type of the event on the bus; none where only the incident's own pages care. */
  readonly event?: DetailType;
  /** True at every page and change of state: the head of the timeline is written into the vault. */
  readonly anchor: boolean;
}

/** A table as a switch, so that a new kind does not compile until somebody has decided about it. */
export function publicationOf(kind: TimelineKind): Publication {
  switch (kind) {
    case 'alert-raised':
      return { event: 'Alert Raised', anchor: false };
    case 'incident-opened':
      return { event: 'Incident Opened', anchor: true };
    case 'incident-closed':
      return { event: 'Incident Closed', anchor: true };
    case 'escalation-started':
    case 'level-unanswered':
    case 'escalation-exhausted':
      return { event: 'Incident Escalated', anchor: true };
    case 'containment-verified':
      return { event: 'Containment Verified', anchor: true };
    // Whoever listens wants to know that the target is not contained; `kind` says why.
    case 'containment-refused':
    case 'containment-failed':
    case 'containment-not-held':
    case 'containment-undone':
      return { event: 'Containment Failed', anchor: true };
    case 'approval-requested':
    case 'approval-granted':
    case 'approval-declined':
    case 'approval-timed-out':
    case 'approval-withdrawn':
    case 'sweep-found':
    case 'sweep-ended':
    case 'sweep-failed':
    case 'severity-changed':
    case 'incident-merged':
    case 'containment-planned':
    case 'containment-held':
    case 'containment-held-by-another':
    case 'containment-released':
    case 'release-refused':
    case 'release-failed':
    case 'hand-over-failed':
    case 'acknowledged':
    case 'acknowledgement-voided':
    case 'snoozed':
    case 'moment-recorded':
    case 'handed-over':
    case 'escalation-ended':
    case 'update-sent':
    case 'update-failed':
      return { event: 'Incident Updated', anchor: true };
    case 'information-missing':
    case 'note':
      return { event: 'Incident Updated', anchor: false };
    case 'report-written':
      return { event: REPORT_DETAIL_TYPE, anchor: true };
    case 'page-sent':
    case 'page-failed':
    case 'page-held':
    case 'containment-started':
    case 'release-started':
    case 'hold-removed':
      return { anchor: true };
    case 'hand-over-started':
    case 'sweep-started':
    case 'evidence-collected':
    case 'evidence-failed':
    case 'state-recorded':
    case 'action-applied':
    case 'action-failed':
    case 'action-released':
    case 'action-not-released':
      return { anchor: false };
    default:
      return assertNever(kind);
  }
}
