import { approvalSubject } from '../../../lib/model/approval';
import { getApproval } from '../store/approvals';
import { writeChange } from '../store/incidents';
import { retryConflicts } from '../store/retry-conflicts';
import { survivorOf } from '../store/survivor';
import type { Table } from '../store/table';
import { concludeApproval } from './conclude-approval';

/** Asks nobody any more. False where somebody decided before. */
export async function withdrawApproval(
  table: Table,
  id: string,
  word: { readonly because: string; readonly by: string },
  now = new Date(),
): Promise<boolean> {
  return retryConflicts(async () => {
    const approval = await getApproval(table, id);
    const incident = approval && (await survivorOf(table, approval.incidentId));
    if (!approval || !incident || approval.status !== 'waiting') return false;
    const text = `Nobody is asked any more about ${approvalSubject(approval)}: ${word.because}`;
    await writeChange(
      table,
      incident,
      concludeApproval(
        table,
        incident,
        approval,
        { status: 'withdrawn', kind: 'approval-withdrawn', text, by: word.by },
        now,
      ),
      now,
    );
    return true;
  });
}
