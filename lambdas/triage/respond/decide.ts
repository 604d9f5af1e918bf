import { decideApproval } from '../../shared/approvals/decide-approval';
import { errorText } from '../../shared/aws-error';
import { startHandOvers } from '../../shared/hand-over/start-hand-overs';
import { getApproval } from '../../shared/store/approvals';
import { survivorOf } from '../../shared/store/survivor';
import type { Table } from '../../shared/store/table';
import type { Ask } from './request';

export type DecideAnswer =
  | { readonly decided: true; readonly approvalId: string; readonly status: string; readonly containmentId: string }
  | { readonly decided: false; readonly problem: string };

/** Records what a person decided on the command line, by the same rules as by link, and starts what follows. */
export async function decideByHand(table: Table, ask: Ask<'decide'>, now: Date): Promise<DecideAnswer> {
  const approval = await getApproval(table, ask.approvalId);
  const asked = approval && (await survivorOf(table, approval.incidentId));
  if (!approval || asked?.id !== ask.incidentId) {
    return { decided: false, problem: `incident '${ask.incidentId}' asks for no approval '${ask.approvalId}'` };
  }
  const { approve, by, reason, planHash, principal } = ask;
  const result = await decideApproval(table, ask.approvalId, {
    ...{ approve, by, reason, planHash, how: 'command-line' },
    ...(principal !== undefined && { principal }),
  });
  if (result.outcome === 'not-decided') return { decided: false, problem: `this cannot be decided: ${result.because}` };
  if (result.outcome === 'token-used') throw new Error('the command line uses no token');
  const incident = await survivorOf(table, ask.incidentId);
  try {
    if (incident) await startHandOvers(table, incident, now);
  } catch (error) {
    console.error({ message: 'left to the reconciler', incidentId: ask.incidentId, error: errorText(error) });
  }
  const { id, status, containmentId } = result.approval;
  return { decided: true, approvalId: id, status, containmentId };
}
