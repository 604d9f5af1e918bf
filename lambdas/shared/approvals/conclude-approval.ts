import type { Approval, ApprovalDecision } from '../../../lib/model/approval';
import type { HandOver, Incident } from '../../../lib/model/incident';
import type { JsonObject } from '../../../lib/model/json';
import type { TimelineEntry, TimelineKind } from '../../../lib/model/timeline';
import { changeApproval } from '../store/approvals';
import type { IncidentChange } from '../store/incidents';
import type { Table } from '../store/table';

/** What ends an approval, and what it says about it. */
export interface Conclusion {
  readonly status: 'approved' | 'declined' | 'timed-out' | 'withdrawn';
  readonly kind: TimelineKind;
  readonly text: string;
  readonly by: string;
  readonly decision?: ApprovalDecision;
}

/**
 * The change of an incident that ends one of its approvals. Whoever decided, the containment is handed over again in
 * the same transaction: its next attempt reads what was decided, and acts or ends by it. So a decision is never lost,
 * and nothing runs while people think.
 */
export function concludeApproval(
  table: Table,
  incident: Incident,
  approval: Approval,
  conclusion: Conclusion,
  now: Date,
): Required<Pick<IncidentChange, 'set' | 'entries' | 'also'>> {
  const { status, decision } = conclusion;
  const handedOver = status === 'withdrawn' ? {} : handedOverAgain(incident, approval, now);
  return {
    set: {
      approvals: (incident.approvals ?? []).filter((id) => id !== approval.id),
      handOvers: { ...incident.handOvers, ...handedOver },
    },
    entries: [approvalEntry(approval, conclusion, decision && { reason: decision.reason, how: decision.how })],
    also: [changeApproval(table, approval, { status, ...(decision && { decision }) })],
  };
}

function handedOverAgain(incident: Incident, approval: Approval, now: Date): Record<string, HandOver> {
  const key = `containment#${approval.containmentId}`;
  const before = incident.handOvers[key];
  if (!before) throw new Error(`incident '${incident.id}' does not hand over containment '${approval.containmentId}'`);
  return {
    [key]: { ...before, onlyHolds: undefined, state: 'pending', since: now.toISOString(), attempt: before.attempt + 1 },
  };
}

/** A record about an approval, with the ids that reports look for. */
export function approvalEntry(
  approval: Approval,
  word: { readonly kind: TimelineKind; readonly text: string; readonly by: string },
  details: JsonObject = {},
): TimelineEntry {
  return {
    stage: 'contain',
    kind: word.kind,
    text: word.text.slice(0, 1000),
    by: word.by,
    details: {
      containmentId: approval.containmentId,
      runbook: approval.plan.runbook,
      target: { ...approval.plan.target },
      approvalId: approval.id,
      planHash: approval.planHash,
      round: approval.round,
      ...details,
    },
  };
}
