import type { Approval } from '../../../lib/model/approval';
import type { Containment } from '../../../lib/model/containment';
import type { Incident } from '../../../lib/model/incident';
import { leaveToOthers } from '../hand-over/leave-to-others';
import { getContainment } from '../store/containments';
import type { Table } from '../store/table';
import { withdrawApproval } from './withdraw-approval';

/** Nothing is contained any more for an incident that a person has closed. */
export const INCIDENT_CLOSED = 'the incident was closed';

/**
 * Ends a question of an incident that was closed, whether it was answered or not: an answer that was not acted upon yet
 * starts nothing any more. The containment passes to the other open incidents that hold it. Safe to call again, after
 * a crash anywhere in it.
 *
 * @returns the incidents whose hand-over is pending now.
 */
export async function endQuestion(table: Table, approval: Approval, by: string, now: Date): Promise<Incident[]> {
  const containment = await getContainment(table, approval.containmentId);
  const others =
    containment && standsOn(containment, approval) ? await leaveToOthers(table, containment, INCIDENT_CLOSED, now) : [];
  // Last: what waits is found by the reconciler when its time is over, and comes here again.
  await withdrawApproval(table, approval.id, { because: INCIDENT_CLOSED, by }, now);
  return others;
}

function standsOn({ approvalId, generation, status, reason }: Containment, approval: Approval): boolean {
  if (approvalId !== approval.id || generation !== approval.generation) return false;
  // The second: an earlier call was ended before all others had it.
  return status === 'awaiting-approval' || (status === 'not-approved' && reason === INCIDENT_CLOSED);
}
