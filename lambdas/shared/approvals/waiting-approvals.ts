import type { Approval } from '../../../lib/model/approval';
import type { Incident } from '../../../lib/model/incident';
import { getApproval } from '../store/approvals';
import type { Table } from '../store/table';

/** A plan may have 150,000 characters, and a Lambda answers with 6 MB. */
const MAX_AT_ONCE = 20;

/** The first 20 approvals that an incident waits for. */
export async function waitingApprovals(table: Table, incident: Incident): Promise<Approval[]> {
  const ids = (incident.approvals ?? []).slice(0, MAX_AT_ONCE);
  const found = await Promise.all(ids.map((id) => getApproval(table, id)));
  return found.filter((approval) => approval !== undefined).filter(({ status }) => status === 'waiting');
}
