import { times } from '../../contain/shared/containment-timeline';
import type { ActionStatus, ContainmentStatus } from '../../../lib/model/containment';
import type { TimelineKind } from '../../../lib/model/timeline';
import type { Status, Tone } from './report';

const KINDS: Readonly<Record<TimelineKind, readonly [Tone, string]>> = {
  'incident-opened': ['calm', 'Opened'],
  'alert-raised': ['warn', 'Alert'],
  'severity-changed': ['warn', 'Severity'],
  'moment-recorded': ['calm', 'Time recorded'],
  'information-missing': ['warn', 'Question'],
  note: ['calm', 'Note'],
  'hand-over-started': ['calm', 'Handed over'],
  'hand-over-failed': ['bad', 'Hand-over failed'],
  'containment-planned': ['calm', 'Planned'],
  'containment-refused': ['bad', 'Refused'],
  'approval-requested': ['warn', 'Approval asked'],
  'approval-granted': ['good', 'Approved'],
  'approval-declined': ['warn', 'Declined'],
  'approval-timed-out': ['bad', 'Nobody decided'],
  'approval-withdrawn': ['calm', 'Not asked any more'],
  'containment-started': ['calm', 'Containing'],
  'containment-held-by-another': ['calm', 'Held already'],
  'evidence-collected': ['calm', 'Evidence'],
  'evidence-failed': ['bad', 'Evidence failed'],
  'state-recorded': ['calm', 'State recorded'],
  'action-applied': ['good', 'Applied'],
  'action-failed': ['bad', 'Action failed'],
  'containment-verified': ['good', 'Contained'],
  'containment-held': ['good', 'Held'],
  'containment-not-held': ['bad', 'Not proven'],
  'containment-undone': ['bad', 'Undone'],
  'containment-failed': ['bad', 'Not contained'],
  'sweep-started': ['calm', 'Sweeping'],
  'sweep-found': ['warn', 'Made by the actor'],
  'sweep-ended': ['calm', 'Swept'],
  'sweep-failed': ['bad', 'Not swept'],
  'release-started': ['calm', 'Releasing'],
  'release-refused': ['warn', 'Release refused'],
  'hold-removed': ['calm', 'Let go'],
  'action-released': ['calm', 'Taken back'],
  'action-not-released': ['bad', 'Not taken back'],
  'containment-released': ['calm', 'Released'],
  'release-failed': ['bad', 'Release failed'],
  'escalation-started': ['calm', 'Escalating'],
  'page-sent': ['calm', 'Page sent'],
  'page-failed': ['bad', 'Page failed'],
  'page-held': ['calm', 'Page held'],
  snoozed: ['warn', 'Snoozed'],
  'handed-over': ['calm', 'Handed over'],
  acknowledged: ['good', 'Acknowledged'],
  'acknowledgement-voided': ['warn', 'Answer void'],
  'level-unanswered': ['warn', 'Unanswered'],
  'escalation-exhausted': ['bad', 'Nobody answers'],
  'escalation-ended': ['calm', 'Paging ended'],
  'update-sent': ['calm', 'Update sent'],
  'update-failed': ['bad', 'Update failed'],
  'incident-merged': ['calm', 'Merged'],
  'incident-closed': ['good', 'Closed'],
  'report-written': ['calm', 'Report'],
};

/** A record that was tampered with, or is of a later version, must not keep the report from being written. */
const UNKNOWN = ['warn', 'Unknown kind'] as const;

export function kindStatus(kind: TimelineKind): Status {
  const [tone, label] = Object.hasOwn(KINDS, kind) ? KINDS[kind] : UNKNOWN;
  return { tone, label };
}

const CONTAINMENTS: Readonly<Record<ContainmentStatus, readonly [Tone, string]>> = {
  starting: ['warn', 'Starting'],
  planned: ['calm', 'Only planned'],
  refused: ['bad', 'Refused by a guard rail'],
  'awaiting-approval': ['bad', 'Waits for approval, not contained'],
  'not-approved': ['bad', 'Not approved, not contained'],
  containing: ['warn', 'Being contained'],
  verified: ['good', 'Contained, read back'],
  held: ['good', 'Contained, and held'],
  failed: ['bad', 'Not proven contained'],
  releasing: ['warn', 'Being released'],
  released: ['calm', 'Released'],
  'release-failed': ['bad', 'Release failed'],
};

/** What was undone and made again holds, but whoever undid it is still there: that is never simply good. */
export function containmentStatus(status: ContainmentStatus, timesUndone = 0): Status {
  const [tone, label] = CONTAINMENTS[status];
  if (timesUndone === 0) return { tone, label };
  if (status === 'containing') return { tone: 'bad', label: `Undone ${times(timesUndone)}, not proven contained` };
  return { tone: tone === 'good' ? 'warn' : tone, label: `${label}; undone ${times(timesUndone)}` };
}

const ACTIONS: Readonly<Record<ActionStatus, readonly [Tone, string]>> = {
  planned: ['calm', 'Planned'],
  recorded: ['warn', 'State recorded'],
  applied: ['good', 'Applied'],
  failed: ['bad', 'Failed'],
  skipped: ['calm', 'Not needed'],
  released: ['calm', 'Taken back'],
  task: ['warn', 'Task for a person'],
  'release-failed': ['bad', 'Not taken back'],
};

export function actionStatus(status: ActionStatus): Status {
  const [tone, label] = ACTIONS[status];
  return { tone, label };
}
