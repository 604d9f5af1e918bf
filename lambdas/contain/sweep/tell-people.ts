import type { Containment } from '../../../lib/model/containment';
import { requestEscalation } from '../../shared/hand-over/escalation';
import { appendOnce, isMarked } from '../../shared/store/append-once';
import type { Table } from '../../shared/store/table';
import { containEntry } from '../shared/containment-timeline';

/**
 * Pages people about a sweep, once for each mark; the incident stays as severe as it is. Marked only after it was asked
 * for: a crash in between pages a second time rather than never.
 */
export async function tellPeople(
  table: Table,
  containment: Containment,
  incidentId: string,
  { mark, reason, by }: { readonly mark: string; readonly reason: string; readonly by: string },
): Promise<void> {
  if (await isMarked(table, incidentId, mark)) return;
  await requestEscalation(table, incidentId, { reason, by, severity: 'SEV4' });
  await appendOnce(table, incidentId, mark, [containEntry(containment, 'note', `People are told: ${reason}`, by)]);
}
