import type { JsonObject } from './json';
import type { Mode, Target } from './plan';

export const CONTAINMENT_SCHEMA_VERSION = 1;

/**
 * As often is made again what somebody undid. Each time takes at most a minute and a half; after that, whoever undoes it
 * is faster than we are, and people have to take away their power.
 */
export const MAX_TIMES_MADE_AGAIN = 3;

/**
 * How an action is taken back: `restores` gives back the state before, `manual` is a task for a person,
 * `never` cannot be taken back.
 */
export type ReleaseKind = 'restores' | 'manual' | 'never';

export type ContainmentStatus =
  /** Held by an incident, its execution not yet past the guard rails. */
  | 'starting'
  /** `observe`: a plan was written, nothing was changed. */
  | 'planned'
  /** A guard rail said no. */
  | 'refused'
  /** People were asked, and nothing is changed before they say yes. */
  | 'awaiting-approval'
  /** People said no, or said nothing in time. */
  | 'not-approved'
  /** Changes are being made. */
  | 'containing'
  /** Every action was read back: applied. */
  | 'verified'
  /** Still there when the watch ended. */
  | 'held'
  /** Not proven contained; what was and was not done is in its actions. */
  | 'failed'
  | 'releasing'
  | 'released'
  /** Release ended with something not as it was before. */
  | 'release-failed';

/** A containment: one runbook on one target, held by incidents. */
export interface Containment {
  readonly schemaVersion: typeof CONTAINMENT_SCHEMA_VERSION;
  /** `con-` and a hash of runbook and target. */
  readonly id: string;
  readonly runbook: string;
  readonly target: Target;
  readonly mode: Mode;
  /** Counts contain-release cycles; undo records belong to one of them. Starts at 1. */
  readonly generation: number;
  /** Counts executions over all generations; part of the execution's name. */
  readonly attempt: number;
  readonly status: ContainmentStatus;
  readonly reason?: string;
  /** Ids of the incidents that hold it. Release acts when the last one lets go. */
  readonly holds: readonly string[];
  /** The incident whose timeline is written by the running execution. */
  readonly incidentId: string;
  readonly startedAt: string;
  readonly verifiedAt?: string;
  readonly executionArn?: string;
  /** The newest question to people, of this attempt or of the one before it. */
  readonly approvalId?: string;
  /** When people said no; what happened before then is answered. ISO 8601. */
  readonly declinedAt?: string;
  /** When its last release began; what happened before then was known to whoever released it. ISO 8601. */
  readonly releaseBeganAt?: string;
  /** Actions whose state before was written down long before an attempt that found it changed. Absent: none. */
  readonly changedSince?: readonly string[];
  /** What of this attempt would have reached further than people approved, in words: its end asks them anew. Absent: nothing. */
  readonly beyondApproved?: string;
  /** How often in this attempt something that had been made was found undone. Absent: never. */
  readonly timesUndone?: number;
}

/** The state before a change, written once, before the change. */
export interface UndoRecord {
  readonly containmentId: string;
  readonly generation: number;
  readonly action: string;
  readonly at: string;
  readonly before: JsonObject;
}

export type ActionStatus =
  'planned' | 'recorded' | 'applied' | 'failed' | 'skipped' | 'released' | 'task' | 'release-failed';

/** Where one action of a containment stands. */
export interface ActionRecord {
  readonly containmentId: string;
  readonly generation: number;
  readonly action: string;
  readonly status: ActionStatus;
  readonly at: string;
  /** What was changed from what to what, or why it was not. */
  readonly detail: string;
  /** True where AWS took the change, though it could not be read back, or not any more. */
  readonly made?: boolean;
  /** True where nobody knows whether it is in place: reading it back failed. */
  readonly unread?: boolean;
  /** True where a release gave it back, though it is not so any more. */
  readonly givenBack?: boolean;
  /** What a person still has to do after the release; absent where no release came so far as to say. */
  readonly tasks?: readonly string[];
}

/** Whether a release gave it back already; what is otherwise since then is somebody's doing. */
export function wasGivenBack(record: ActionRecord | undefined): record is ActionRecord {
  return record?.status === 'released' || record?.status === 'task' || record?.givenBack === true;
}
