import {
  APPROVAL_SCHEMA_VERSION,
  approvalSubject,
  type Approval,
  type ApprovalSettings,
} from '../../../lib/model/approval';
import type { Containment } from '../../../lib/model/containment';
import { sha256 } from '../../../lib/model/ids';
import type { Incident } from '../../../lib/model/incident';
import { approvalEntry } from '../../shared/approvals/conclude-approval';
import { withdrawApproval } from '../../shared/approvals/withdraw-approval';
import { errorText } from '../../shared/aws-error';
import { ESCALATION, nextEscalation } from '../../shared/hand-over/chain';
import { startHandOvers } from '../../shared/hand-over/start-hand-overs';
import { appendOnce } from '../../shared/store/append-once';
import { createApproval, getApproval } from '../../shared/store/approvals';
import { changeContainment } from '../../shared/store/containments';
import { changeIncident, type IncidentChange } from '../../shared/store/incidents';
import type { StoredPlan } from '../../shared/store/plans';
import { survivorOf } from '../../shared/store/survivor';
import type { Table } from '../../shared/store/table';
import { attemptMark, boundedLines, containEntry } from '../shared/containment-timeline';

export interface Question {
  readonly containment: Containment;
  readonly incident: Incident;
  readonly settings: ApprovalSettings;
  readonly stored: StoredPlan;
  /** Why people are asked, in words. */
  readonly why: string;
  /** The execution that asks. */
  readonly by: string;
}

/**
 * Asks the people of the incident's chain, and leaves the containment waiting. Nothing runs until they decide. May be
 * killed anywhere and run again: the question has an id made from what is asked, and is asked once.
 *
 * @returns the question; undefined where the incident was closed meanwhile, and nobody was asked.
 */
export async function askPeople(table: Table, question: Question): Promise<Approval | undefined> {
  const { containment } = question;
  const known = containment.approvalId === undefined ? undefined : await getApproval(table, containment.approvalId);
  const open = known?.status === 'waiting' ? known : undefined;
  if (open && open.planHash !== question.stored.hash) {
    await withdrawApproval(table, open.id, {
      because: 'the plan has changed, and people are asked anew',
      by: question.by,
    });
  }
  const wanted = open?.planHash === question.stored.hash ? open : makeApproval(question, new Date());
  // First of all: whoever approves it, after this run was killed, is heard.
  await note(table, containment, { approvalId: wanted.id });
  const approval = (await getApproval(table, wanted.id)) ?? (await request(table, wanted, question));
  if (!approval) return undefined;
  for (const incidentId of containment.holds.filter((id) => id !== approval.incidentId)) {
    const text = `Waits for approval, which incident ${approval.incidentId} asks for: ${approvalSubject(approval)}`;
    await appendOnce(table, incidentId, attemptMark(containment, 'approval-requested'), [
      containEntry(containment, 'note', text, question.by),
    ]);
  }
  await note(table, containment, {
    status: 'awaiting-approval',
    reason: `waits for approval until ${approval.expiresAt}`,
  });
  return approval;
}

function makeApproval({ containment, incident, settings, stored, why }: Question, now: Date): Approval {
  const { id, generation, attempt } = containment;
  return {
    schemaVersion: APPROVAL_SCHEMA_VERSION,
    id: `apr-${sha256(JSON.stringify([id, generation, attempt, incident.id, stored.hash])).slice(0, 32)}`,
    containmentId: id,
    incidentId: incident.id,
    generation,
    attempt,
    planHash: stored.hash,
    plan: stored.plan,
    why,
    settings,
    status: 'waiting',
    round: 1,
    askedAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + settings.withinSeconds * 1000).toISOString(),
    revision: 1,
  };
}

async function note(table: Table, { id, attempt }: Containment, change: Partial<Containment>): Promise<void> {
  await changeContainment(table, id, (now) =>
    now?.attempt === attempt && now.status === 'starting' ? { ...now, ...change } : undefined,
  );
}

/** Question, timeline and the page that asks stand or fall together. Of a merged incident, the one that goes on asks. */
async function request(table: Table, wanted: Approval, question: Question): Promise<Approval | undefined> {
  const going = await survivorOf(table, wanted.incidentId);
  const approval = { ...wanted, incidentId: going?.id ?? wanted.incidentId };
  const { incident } = await changeIncident(table, approval.incidentId, (now) =>
    now.status === 'open' ? requested(table, now, approval, question.by) : undefined,
  );
  // Merged in this very moment.
  if (incident.status === 'merged') return request(table, approval, question);
  if (incident.status === 'closed') return undefined;
  console.log({ message: 'approval requested', approvalId: approval.id, planHash: question.stored.hash });
  try {
    await startHandOvers(table, incident, new Date(), ['escalation']);
  } catch (error) {
    // The hand-over stays pending, and the reconciler starts it within a minute.
    console.error({ message: 'page left to the reconciler', incidentId: incident.id, error: errorText(error) });
  }
  return approval;
}

function requested(table: Table, now: Incident, approval: Approval, by: string): IncidentChange {
  const text = `Asked for approval until ${approval.expiresAt}: ${approvalSubject(approval)}: ${approval.why}`;
  const changes = approval.plan.steps.flatMap((step) =>
    step.changes.map(({ call, resource, from, to }) => `${call} ${resource}: ${from} → ${to}`),
  );
  const voided = now.acknowledgement && {
    stage: 'escalate' as const,
    kind: 'acknowledgement-voided' as const,
    text: `People are paged again, because a containment waits for their approval`,
    by,
  };
  return {
    set: {
      approvals: [...new Set([...(now.approvals ?? []), approval.id])],
      handOvers: { ...now.handOvers, [ESCALATION]: nextEscalation(now, new Date()) },
    },
    remove: ['acknowledgement', 'snooze'],
    entries: [
      approvalEntry(approval, { kind: 'approval-requested', text, by }, { changes: boundedLines(changes) }),
      ...(voided ? [voided] : []),
    ],
    also: [createApproval(table, approval)],
  };
}
