import { approvalSubject, approverOf, type Approval } from '../../../lib/model/approval';
import type { Incident } from '../../../lib/model/incident';
import { actorAmong } from '../../../lib/model/is-actor';
import type { RecipientTarget } from '../../../lib/model/recipient';

/** What a page says about a containment that waits for people. Texts may hold what an attacker wrote. */
export interface ApprovalLine {
  readonly approvalId: string;
  readonly containmentId: string;
  readonly planHash: string;
  /** What would be contained, by which runbook. */
  readonly subject: string;
  readonly why: string;
  readonly changes: number;
  /** ISO 8601. */
  readonly until: string;
  /** Ours; none where this recipient is not to decide it. */
  readonly link?: string;
  readonly command: string;
}

/** Who is configured to approve, and did not act in the incident. Everybody who is paged, unless it says who. */
export function mayApprove(approval: Approval, incident: Incident, recipient: Pick<RecipientTarget, 'id'>): boolean {
  if (!approval.settings.approvers) return true;
  const approver = approverOf(approval.settings, recipient.id);
  return approver !== undefined && actorAmong(incident.entities, approver.principals) === undefined;
}

export function approvalLine(approval: Approval, link: string | undefined): ApprovalLine {
  const { id, containmentId, incidentId, planHash, plan, why, expiresAt } = approval;
  return {
    approvalId: id,
    containmentId,
    planHash,
    subject: approvalSubject(approval),
    why,
    changes: plan.steps.reduce((sum, { changes }) => sum + changes.length, 0),
    until: expiresAt,
    ...(link !== undefined && { link }),
    command: `firebreak incident approve ${incidentId} --containment ${containmentId} --reason WHY --by NAME`,
  };
}
