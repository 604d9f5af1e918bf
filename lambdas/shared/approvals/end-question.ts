import type { Approval } from '../../../lib/model/approval';
import type { Containment } from '../../../lib/model/containment';
import type { Incident } from '../../../lib/model/incident';
import { leaveToOthers } from '../hand-over/leave-to-others';
import { getContainment } from '../store/containments';
import type { Table } from '../store/table';
import { withdrawApproval } from './withdraw-approval';

/** Nothing is contained any more for an incident that a person has closed. */
export const INCIDENT_CLOSED = 'the incident was closed';

/** Nor for one whose people let go of it. */
export const LET_GO = 'the incident that started it let go of it';

/** Why a question is over. */
export interface QuestionOver {
  readonly because: typeof INCIDENT_CLOSED | typeof LET_GO;
  /** Who ended it, for the timeline. */
  readonly by: string;
  /** An incident that does not want the containment any more, though it is open and still holds it. */
  readonly except?: string;
}

/**
 * Ends a question of an incident that was closed, or that let go, whether it was answered or not: an answer that was not acted
 * upon yet starts nothing any more. The containment passes to the other open incidents that hold it. Safe to call again, after
 * a crash anywhere in it.
 *
 * @returns the incidents whose hand-over is pending now.
 */
export async function endQuestion(
  table: Table,
  approval: Approval,
  over: QuestionOver,
  now: Date,
): Promise<Incident[]> {
  const { because, by, except } = over;
  const containment = await getContainment(table, approval.containmentId);
  const others =
    containment && standsOn(containment, approval) ? await leaveToOthers(table, containment, because, now, except) : [];
  // Last: what waits is found by the reconciler when its time is over, and comes here again.
  await withdrawApproval(table, approval.id, { because, by }, now);
  return others;
}

function standsOn({ approvalId, generation, status, reason = '' }: Containment, approval: Approval): boolean {
  if (approvalId !== approval.id || generation !== approval.generation) return false;
  // The second: an earlier call was ended before all others had it.
  return status === 'awaiting-approval' || (status === 'not-approved' && [INCIDENT_CLOSED, LET_GO].includes(reason));
}
