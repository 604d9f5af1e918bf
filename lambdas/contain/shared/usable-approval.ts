import type { Approval } from '../../../lib/model/approval';
import type { Containment } from '../../../lib/model/containment';
import { getApproval } from '../../shared/store/approvals';
import type { Table } from '../../shared/store/table';

/** What people were asked about this contain-release cycle, if anything. */
export async function usableApproval(table: Table, containment: Containment): Promise<Approval | undefined> {
  const approval = containment.approvalId === undefined ? undefined : await getApproval(table, containment.approvalId);
  return approval?.generation === containment.generation ? approval : undefined;
}

/** The approval of a person who read the plan. What time approved is bound to no plan: nobody read one. */
export async function approvalByPeople(table: Table, containment: Containment): Promise<Approval | undefined> {
  const approval = await usableApproval(table, containment);
  return approval?.status === 'approved' && approval.decision?.how !== 'timeout' ? approval : undefined;
}
