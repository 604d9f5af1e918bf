import type { Approval } from '../../../lib/model/approval';
import type { Containment } from '../../../lib/model/containment';
import { appendOnce } from '../../shared/store/append-once';
import type { Table } from '../../shared/store/table';
import { attemptMark, containEntry } from '../shared/containment-timeline';
import { changeOnceTold } from '../shared/once-told';

/**
 * Ends a containment that people said no to, or nothing. The incident whose people were asked has it on its timeline
 * already; the others that hold it learn it here.
 */
export async function notApproved(
  table: Table,
  containment: Containment,
  approval: Approval,
  execution: string,
): Promise<string> {
  const { decision } = approval;
  const because = decision ? `${decision.by} declined: ${decision.reason}` : 'nobody decided in time';
  const by = execution.split(':').at(-1) ?? execution;
  const text = `Not contained: '${containment.runbook}' on ${containment.target.kind} ${containment.target.id}: ${because}`;
  const tell = async (incidentIds: readonly string[]): Promise<void> => {
    for (const incidentId of incidentIds) {
      if (incidentId === approval.incidentId) continue;
      await appendOnce(table, incidentId, attemptMark(containment, 'not-approved'), [
        containEntry(containment, 'note', text, by),
      ]);
    }
  };
  await changeOnceTold(table, containment, tell, (now) =>
    now.attempt === containment.attempt && now.status === 'starting'
      ? {
          ...now,
          status: 'not-approved',
          reason: because,
          executionArn: execution,
          declinedAt: decision?.at ?? new Date().toISOString(),
        }
      : undefined,
  );
  return because;
}
