import type { Containment } from '../../../lib/model/containment';
import type { Incident } from '../../../lib/model/incident';
import { openHolders } from '../../shared/hand-over/open-holders';
import { appendOnce } from '../../shared/store/append-once';
import { getApproval } from '../../shared/store/approvals';
import { changeContainment } from '../../shared/store/containments';
import { survivorOf } from '../../shared/store/survivor';
import type { Table } from '../../shared/store/table';
import { attemptMark, containEntry } from '../shared/containment-timeline';
import type { ContainRequest } from '../shared/request';
import { containOwner, giveBackLock } from '../shared/target-lock';

/**
 * The incident that started an attempt was closed before anything was changed: another open one that holds it, and wants
 * it contained, goes on with it, in the mode that this one's own plan says.
 *
 * @returns the containment as it is to be decided about anew; undefined where nobody else wants it.
 */
export async function adopt(
  table: Table,
  containment: Containment,
  ask: ContainRequest,
  closed: Incident,
): Promise<Containment | undefined> {
  const isMine = (now: Containment | undefined): now is Containment =>
    now?.attempt === ask.attempt && (now.status === 'starting' || now.status === 'containing');
  // First: whoever hands it over from here on goes further than this attempt, and begins one of its own.
  const left = await changeContainment(table, containment.id, (now) =>
    isMine(now) ? { ...now, mode: 'observe', status: 'starting' } : undefined,
  );
  if (!isMine(left)) return left;
  // A run of this that was killed may have taken it: nothing was begun, and whoever goes on takes it anew.
  await giveBackLock(table, containment, containOwner(containment));
  const [next] = await openHolders(table, left);
  if (!next) return undefined;
  const approvalId = await whatStillCounts(table, left);
  // Before it is so: a run that was ended in between finds nobody closed any more, and would say nothing.
  await tell(table, { ...left, incidentId: next.incident.id }, ask, closed);
  return changeContainment(table, containment.id, (now) =>
    isMine(now) ? { ...now, incidentId: next.incident.id, mode: next.mode, approvalId } : undefined,
  );
}

/** People's no counts for everybody; what was asked or allowed for a closed incident counts for no other one. */
async function whatStillCounts(table: Table, { approvalId }: Containment): Promise<string | undefined> {
  const approval = approvalId === undefined ? undefined : await getApproval(table, approvalId);
  if (!approval || approval.status === 'declined') return approval?.id;
  const whose = await survivorOf(table, approval.incidentId);
  return whose?.status === 'open' ? approval.id : undefined;
}

async function tell(table: Table, containment: Containment, ask: ContainRequest, closed: Incident): Promise<void> {
  const { runbook, target, incidentId } = containment;
  const text = `'${runbook}' on ${target.kind} ${target.id} goes on for incident ${incidentId}: ${closed.id}, which had started it, was closed`;
  const entry = containEntry(containment, 'note', text, ask.execution.split(':').at(-1) ?? ask.execution);
  for (const id of [closed.id, incidentId]) {
    await appendOnce(table, id, attemptMark(containment, `adopted#${incidentId}`), [entry]);
  }
}
