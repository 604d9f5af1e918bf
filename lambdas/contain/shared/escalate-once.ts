import type { Containment } from '../../../lib/model/containment';
import { requestEscalation } from '../../shared/hand-over/escalation';
import { appendOnce, isMarked } from '../../shared/store/append-once';
import type { Table } from '../../shared/store/table';
import { attemptMark, containEntry } from './containment-timeline';

/**
 * Pages people about each incident that holds the containment, once for each attempt and kind of news. Marked only
 * after it was asked for: a crash in between pages a second time rather than never.
 */
export async function escalateOnce(
  table: Table,
  containment: Containment,
  news: 'refused' | 'failed' | 'undone' | 'not-held' | 'release-failed',
  reason: string,
  by: string,
): Promise<void> {
  // A release can be tried again in the same attempt: each execution has its own news.
  const which = news === 'release-failed' ? `#${containment.executionArn ?? ''}` : '';
  const mark = attemptMark(containment, `escalated#${news}${which}`);
  for (const incidentId of new Set([containment.incidentId, ...containment.holds])) {
    if (await isMarked(table, incidentId, mark)) continue;
    await requestEscalation(table, incidentId, { reason, by });
    await appendOnce(table, incidentId, mark, [containEntry(containment, 'note', `People are told: ${reason}`, by)]);
  }
}
