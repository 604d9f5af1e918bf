import type { Approval } from '../../../lib/model/approval';
import type { Containment } from '../../../lib/model/containment';
import { planDifference } from '../../../lib/model/plan-hash';
import { INCIDENT_CLOSED, LET_GO } from '../../shared/approvals/end-question';
import { withdrawApproval } from '../../shared/approvals/withdraw-approval';
import { leaveToOthers } from '../../shared/hand-over/leave-to-others';
import { appendOnce } from '../../shared/store/append-once';
import { changeContainment, getContainment } from '../../shared/store/containments';
import { releaseLock } from '../../shared/store/locks';
import { getPlan, type StoredPlan } from '../../shared/store/plans';
import { survivorOf } from '../../shared/store/survivor';
import type { Table } from '../../shared/store/table';
import { approvalSettings } from '../shared/approval-settings';
import { attemptMark, containEntry } from '../shared/containment-timeline';
import type { ContainRequest } from '../shared/request';
import { containOwner, lockResource } from '../shared/target-lock';
import { usableApproval } from '../shared/usable-approval';
import { askPeople } from './ask-people';

export interface ApprovalAnswer {
  /** `again`: approved while it was asked, and not locked yet; `done`: somebody else is at it by now, or it is over. */
  readonly outcome: 'approved' | 'asked' | 'again' | 'done';
  readonly reason: string;
}

/** Longer lines, and more of them, are in the plan itself. */
const MAX_DIFFERENCES = 5;

/**
 * Asked with a plan that was made a moment ago, before the first change: is it what people approved? If not, or if they
 * were not asked yet, they are. What time approved is bound to no plan: nobody had read one, and an attacker who
 * changes the target all the time would never be contained.
 */
export async function isApproved(table: Table, containment: Containment, ask: ContainRequest): Promise<ApprovalAnswer> {
  if (containment.attempt !== ask.attempt) return { outcome: 'done', reason: 'a newer attempt took over' };
  // Said before, and the answer was lost on its way.
  if (containment.status === 'containing') return { outcome: 'approved', reason: 'it was approved' };
  if (containment.status === 'awaiting-approval') return stillAsked(table, containment, ask, 'people were asked');
  // A run of this that was ended before all others had it.
  if (isGivenUp(containment)) return giveUp(table, containment, ask);
  if (containment.status !== 'starting') return { outcome: 'done', reason: `it is '${containment.status}' by now` };
  const incident = await survivorOf(table, containment.incidentId);
  if (!incident) throw new Error(`incident '${containment.incidentId}' does not exist`);
  if (incident.status === 'closed') return giveUp(table, containment, ask);
  const settings = approvalSettings(containment, incident);
  if (!settings) throw new Error("nobody can be asked: the stack has no 'approval'");
  const stored = await getPlan(table, containment.id, containment.attempt);
  if (!stored) throw new Error(`attempt ${containment.attempt} of containment '${containment.id}' has no plan`);
  const approval = await usableApproval(table, containment);
  const approved = approval?.status === 'approved' ? approval : undefined;
  if (approved && (approved.planHash === stored.hash || approved.decision?.how === 'timeout')) {
    // The guard rails did not know of it, and took neither a place of the hour nor the lock.
    if (ask.saysFence && ask.fence === 0) return { outcome: 'again', reason: 'it was approved in this moment' };
    const after = await changeContainment(table, containment.id, (now) =>
      now?.attempt === ask.attempt && now.status === 'starting'
        ? { ...now, status: 'containing', executionArn: ask.execution }
        : undefined,
    );
    return after?.status === 'containing' && after.attempt === ask.attempt
      ? { outcome: 'approved', reason: approved.decision?.reason ?? 'it was approved' }
      : { outcome: 'done', reason: `it is '${after?.status ?? 'gone'}' by now` };
  }
  // Nobody waits for a lock while people think.
  await releaseLock(table, lockResource(containment.target), containOwner(containment));
  const why = approved ? drift(approved, stored) : ask.reason;
  const by = ask.execution.split(':').at(-1) ?? ask.execution;
  const question = await askPeople(table, { containment, incident, settings, stored, why, by });
  const now = await getContainment(table, containment.id);
  if (now?.attempt !== ask.attempt) return { outcome: 'done', reason: 'a newer attempt took over' };
  if (question && now.status === 'not-approved' && now.reason === LET_GO) {
    await withdrawApproval(table, question.id, { because: LET_GO, by });
    return { outcome: 'done', reason: LET_GO };
  }
  return question ? stillAsked(table, now, ask, why) : giveUp(table, now, ask);
}

function isGivenUp({ status, reason }: Containment): boolean {
  return status === 'not-approved' && reason === INCIDENT_CLOSED;
}

/**
 * Closed between the question and the note that it waits: whoever closed it did not find it waiting, and may not have
 * withdrawn the question yet.
 */
async function stillAsked(
  table: Table,
  containment: Containment,
  ask: ContainRequest,
  reason: string,
): Promise<ApprovalAnswer> {
  const approval = await usableApproval(table, containment);
  const whose = approval && (await survivorOf(table, approval.incidentId));
  return whose?.status === 'closed' ? giveUp(table, containment, ask) : { outcome: 'asked', reason };
}

/** Its incident was closed before anything was changed. The reconciler starts what the others hand over. */
async function giveUp(table: Table, containment: Containment, ask: ContainRequest): Promise<ApprovalAnswer> {
  const { runbook, target } = containment;
  const text = `Nothing was changed by '${runbook}' on ${target.kind} ${target.id}: ${INCIDENT_CLOSED}`;
  const entry = containEntry(containment, 'note', text, ask.execution.split(':').at(-1) ?? ask.execution);
  await appendOnce(table, containment.incidentId, attemptMark(containment, 'closed'), [entry]);
  await releaseLock(table, lockResource(containment.target), containOwner(containment));
  await leaveToOthers(table, containment, INCIDENT_CLOSED, new Date());
  return { outcome: 'done', reason: INCIDENT_CLOSED };
}

function drift(approved: Approval, stored: StoredPlan): string {
  const all = planDifference(approved.plan, stored.plan);
  const shown = all.slice(0, MAX_DIFFERENCES).map((line) => line.slice(0, 150));
  const more = all.length > shown.length ? `; and ${all.length - shown.length} more` : '';
  return `it changed after ${approved.decision?.by ?? 'somebody'} had approved it, and nothing was done: ${shown.join('; ')}${more}`;
}
