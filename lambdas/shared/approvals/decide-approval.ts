import { approvalSubject, approverOf, type Approval, type ApprovalDecision } from '../../../lib/model/approval';
import { actorAmong } from '../../../lib/model/is-actor';
import type { Incident } from '../../../lib/model/incident';
import type { TimelineEntry } from '../../../lib/model/timeline';
import { personName } from '../acknowledge';
import { neutralText } from '../neutral-text';
import { getApproval } from '../store/approvals';
import { writeChange } from '../store/incidents';
import { retryConflicts } from '../store/retry-conflicts';
import { survivorOf } from '../store/survivor';
import type { Table } from '../store/table';
import { isUsable, useToken, type TokenRecord } from '../store/tokens';
import { concludeApproval } from './conclude-approval';
import { whyUndecidable } from './undecidable';

/** Characters of a reason. */
export const MAX_REASON = 500;

export interface DecisionRequest {
  readonly approve: boolean;
  /** A person's name, as they gave it. */
  readonly by: string;
  readonly reason: string;
  readonly how: 'link' | 'command-line';
  /** IAM identity of the person, where it is known. */
  readonly principal?: string;
  /** The plan that was read: nobody approves another one. */
  readonly planHash: string;
  /** Used up together with the decision, or not at all. */
  readonly token?: TokenRecord;
}

export type DecisionResult =
  | { readonly outcome: 'decided'; readonly approval: Approval; readonly incident: Incident }
  /** Nothing was changed, and why. */
  | { readonly outcome: 'not-decided'; readonly because: string; readonly approval: Approval }
  | { readonly outcome: 'token-used' };

/**
 * Records what a person decided. The first decision stands; approval, timeline, token and the hand-over of what was
 * approved change together or not at all. Who decides is at it: where nothing else waits, that acknowledges.
 *
 * @throws Error where the name or the reason is empty, or there is no such approval.
 */
export async function decideApproval(
  table: Table,
  approvalId: string,
  ask: DecisionRequest,
  now: () => Date = () => new Date(),
): Promise<DecisionResult> {
  const by = personName(ask.by);
  const reason = neutralText(ask.reason, MAX_REASON);
  if (by === undefined || reason === '') throw new Error('a decision needs a name and a reason');
  return retryConflicts(async () => {
    const approval = await getApproval(table, approvalId);
    const incident = approval && (await survivorOf(table, approval.incidentId));
    if (!approval || !incident) throw new Error(`there is no approval '${approvalId}'`);
    if (ask.token && !(await isUsable(table, ask.token, now()))) return { outcome: 'token-used' };
    const because = whyNot(approval, incident, ask, now());
    if (because !== undefined) return { outcome: 'not-decided', because, approval };
    const decision: ApprovalDecision = {
      by,
      how: ask.how,
      reason,
      at: now().toISOString(),
      ...(ask.token && { recipient: ask.token.recipient }),
      ...(ask.principal !== undefined && { principal: ask.principal }),
    };
    const change = concludeApproval(table, incident, approval, conclusionOf(approval, ask, decision), now());
    const acknowledged = acknowledgement(incident, decision, change.set.approvals ?? []);
    await writeChange(
      table,
      incident,
      {
        set: { ...change.set, ...(acknowledged && { acknowledgement: acknowledged.acknowledgement }) },
        entries: [...change.entries, ...(acknowledged ? [acknowledged.entry] : [])],
        also: [...change.also, ...(ask.token ? [useToken(table, ask.token, now())] : [])],
      },
      now(),
    );
    const decided = await getApproval(table, approvalId);
    return { outcome: 'decided', approval: decided ?? approval, incident };
  });
}

/** Why this person cannot decide it now; undefined where they can. */
function whyNot(approval: Approval, incident: Incident, ask: DecisionRequest, now: Date): string | undefined {
  if (ask.planHash !== approval.planHash) return 'the plan is another one than the one that was shown';
  const undecidable = whyUndecidable(approval, incident, now);
  if (undecidable !== undefined) return undecidable;
  const actor = actorAmong(incident.entities, principalsOf(approval, ask));
  return actor === undefined ? undefined : `whoever acted in the incident does not decide about it: ${actor}`;
}

function principalsOf({ settings }: Approval, ask: DecisionRequest): string[] {
  const configured = approverOf(settings, ask.token?.approves?.recipientId ?? '')?.principals ?? [];
  return ask.principal === undefined ? [...configured] : [...configured, ask.principal];
}

function conclusionOf(approval: Approval, ask: DecisionRequest, decision: ApprovalDecision) {
  const { by, recipient, principal, reason } = decision;
  const who = [recipient === undefined ? undefined : `asked as ${recipient}`, principal].filter(Boolean).join(', ');
  const name = who === '' ? by : `${by} (${who})`;
  const subject = approvalSubject(approval);
  return ask.approve
    ? ({
        status: 'approved',
        kind: 'approval-granted',
        text: `${name} approved ${subject}: ${reason}`,
        by,
        decision,
      } as const)
    : ({
        status: 'declined',
        kind: 'approval-declined',
        text: `${name} declined ${subject}: ${reason}`,
        by,
        decision,
      } as const);
}

function acknowledgement(incident: Incident, decision: ApprovalDecision, waiting: readonly string[]) {
  if (incident.acknowledgement || waiting.length > 0 || decision.how === 'timeout') return undefined;
  const { by, at, how } = decision;
  const entry: TimelineEntry = {
    stage: 'escalate',
    kind: 'acknowledged',
    text: `${by} acknowledged by deciding`,
    by,
  };
  return { acknowledgement: { by, at, how }, entry };
}
