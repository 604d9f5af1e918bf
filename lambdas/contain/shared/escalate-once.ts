import type { Containment } from '../../../lib/model/containment';
import { requestEscalation } from '../../shared/hand-over/escalation';
import { appendOnce, isMarked } from '../../shared/store/append-once';
import type { Table } from '../../shared/store/table';
import { attemptMark, containEntry } from './containment-timeline';

export interface ContainmentNews {
  readonly news: 'refused' | 'failed' | 'undone' | 'not-held' | 'release-failed';
  /** Completes the sentence "People are paged again, because …". */
  readonly reason: string;
  readonly by: string;
}

/**
 * Pages people about each of these incidents, which hold the containment, once for each attempt and kind of news. Marked
 * only after it was asked for: a crash in between pages a second time rather than never.
 */
export async function escalateOnce(
  table: Table,
  containment: Containment,
  incidentIds: readonly string[],
  { news, reason, by }: ContainmentNews,
): Promise<void> {
  // A release can be tried again in the same attempt: each execution has its own news.
  const which = news === 'release-failed' ? `#${containment.executionArn ?? ''}` : '';
  const mark = attemptMark(containment, `escalated#${news}${which}`);
  for (const incidentId of incidentIds) {
    if (await isMarked(table, incidentId, mark)) continue;
    await requestEscalation(table, incidentId, { reason, by });
    await appendOnce(table, incidentId, mark, [containEntry(containment, 'note', `People are told: ${reason}`, by)]);
  }
}
