import type { UndoRecord } from '../../../lib/model/containment';
import { canonicalJson } from '../../../lib/model/canonical-json';
import { appendOnce } from '../../shared/store/append-once';
import { getUndo, recordUndo } from '../../shared/store/containments';
import { putLockedOnce } from '../../shared/vault';
import { containEntry } from '../shared/containment-timeline';
import type { Action } from './action';
import { noteChangedSince } from './changed-since';
import { persist } from './patience';
import { actionItem, titleOf, undoOf, type Run } from './run';

/**
 * The state before the first change: read and written once for each generation, in the store and, locked, in the
 * vault. A run that comes later gets what the first one saw, never the state that it made itself.
 *
 * @throws where it could not be written: nothing may be changed then.
 */
export async function beforeOf(run: Run, action: Action): Promise<UndoRecord> {
  const { table, containment } = run;
  const known = await getUndo(table, containment.id, containment.generation, action.id);
  if (known) await noteChangedSince(run, action, known);
  const undo =
    known ?? (await recordUndo(table, undoOf(run, action.id, await persist(() => action.read(run.context)))));
  const object = await putLockedOnce({
    key: `undo/${containment.id}/${containment.generation}/${action.id}.json`,
    body: canonicalJson(undo),
    contentType: 'application/json',
  });
  await appendOnce(
    table,
    containment.incidentId,
    `${containment.id}#${containment.generation}#recorded#${action.id}`,
    [
      containEntry(
        containment,
        'state-recorded',
        `Wrote down the state before '${titleOf(run.runbook, action.id)}'`,
        run.by,
        { action: action.id, objects: [{ ...object }] },
      ),
    ],
    [actionItem(run, action.id, { status: 'recorded', detail: 'the state before is written down' })],
  );
  return undo;
}
