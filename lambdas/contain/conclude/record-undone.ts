import { MAX_TIMES_MADE_AGAIN, type Containment } from '../../../lib/model/containment';
import { appendOnce } from '../../shared/store/append-once';
import type { Table } from '../../shared/store/table';
import { attemptMark, containEntry, times } from '../shared/containment-timeline';
import { escalateOnce } from '../shared/escalate-once';
import { changeOnceTold } from '../shared/once-told';
import type { ContainRequest } from '../shared/request';
import { whatFailed } from '../shared/what-failed';

/**
 * Writes down that what had been made was found undone, tells people at once (SEV1), and says whether it is made again.
 * Told first and counted last: killed in between and run again, it neither tells nor counts twice.
 */
export async function recordUndone(
  table: Table,
  containment: Containment,
  ask: Pick<ContainRequest, 'timesUndone'>,
  by: string,
): Promise<'again' | 'enough' | 'stopped'> {
  const { timesUndone = 0 } = containment;
  // The answer to the last call was lost.
  if (timesUndone > ask.timesUndone) return decision(timesUndone);
  if (containment.status !== 'containing' && containment.status !== 'verified') return 'stopped';
  const count = timesUndone + 1;
  const missing = await whatFailed(table, containment);
  const what = `'${containment.runbook}' on ${containment.target.kind} ${containment.target.id}`;
  const goesOn =
    decision(count) === 'again' ? 'It is made again, and watched from the beginning' : 'It is not made again';
  const entry = containEntry(
    containment,
    'containment-undone',
    `Undone ${times(count)}, by somebody who fights back: ${what}: ${missing}. ${goesOn}; until it has held, it is not proven contained`,
    by,
    { timesUndone: count, reason: missing.slice(0, 1_000) },
  );
  const mark = attemptMark(containment, 'undone');
  const tell = async (incidentIds: readonly string[]): Promise<void> => {
    for (const incidentId of incidentIds) await appendOnce(table, incidentId, mark, [entry]);
    const reason = `somebody undid ${what} ${times(count)}: it is not proven contained`;
    await escalateOnce(table, containment, incidentIds, { news: 'undone', reason, by });
  };
  const after = await changeOnceTold(table, containment, tell, (now) =>
    now.attempt === containment.attempt &&
    (now.timesUndone ?? 0) === timesUndone &&
    (now.status === 'containing' || now.status === 'verified')
      ? { ...now, status: 'containing', verifiedAt: undefined, timesUndone: count }
      : undefined,
  );
  // A release, or a newer attempt, came in between.
  if (after?.attempt !== containment.attempt || after.status !== 'containing') return 'stopped';
  return decision(count);
}

function decision(count: number): 'again' | 'enough' {
  return count <= MAX_TIMES_MADE_AGAIN ? 'again' : 'enough';
}
