import type { ActionRecord } from '../../../lib/model/containment';
import { errorText } from '../../shared/aws-error';
import { getUndo, putAction, readActions } from '../../shared/store/containments';
import type { Action, Reading } from './action';
import { noteBeyond } from './approved';
import { settle } from './patience';
import { titleOf, type Run } from './run';

/** Each action was given time to settle by itself: when all are read back, and watched, little more is needed. */
export const READ_BACK_MS = 5_000;

export interface Finding {
  readonly action: Action;
  readonly reading: Reading;
  /** False where nothing could be read: that says nothing about the target. */
  readonly read: boolean;
}

/** That something is missing, and whether it was there. */
export interface Missing {
  readonly outcome: 'undone' | 'not-contained';
  readonly detail: string;
}

/**
 * Reads every action back, and writes down which are not in place. What is in place although nobody wrote that down is
 * told to `found`: an action may have been made and its answer lost.
 */
export async function readBack(
  run: Run,
  found: (action: Action, reading: Reading) => Promise<void>,
): Promise<{ readonly findings: readonly Finding[]; readonly missing?: Missing }> {
  const findings = await Promise.all(run.runbook.actions.map((action) => readOne(run, action)));
  const { id, generation } = run.containment;
  const known = await readActions(run.table, id, generation);
  const recordOf = ({ id: action }: Action) => known.find((record) => record.action === action);
  for (const { action, reading } of findings) {
    if (reading.ok && recordOf(action)?.status !== 'applied') await found(action, reading);
  }
  const gone = findings.filter(({ reading }) => !reading.ok);
  if (gone.length === 0) return { findings };
  for (const finding of gone) await note(run, finding, recordOf(finding.action));
  const beyond = gone.find(({ reading }) => reading.beyond === true);
  if (beyond) await noteBeyond(run, beyond.reading.observed);
  const unmakable = beyond !== undefined || gone.some(({ action, read }) => read && !wasMade(recordOf(action)));
  const undone = gone.some(({ action, read }) => read && wasMade(recordOf(action)));
  return {
    findings,
    missing: {
      // What AWS or people do not let us make is not made by trying again; what was made and is gone, somebody takes away.
      outcome: undone && !unmakable ? 'undone' : 'not-contained',
      detail: gone.map(({ action, reading }) => `${titleOf(run.runbook, action.id)}: ${reading.observed}`).join('; '),
    },
  };
}

/** What was never recorded was never made. */
async function readOne(run: Run, action: Action): Promise<Finding> {
  const { id, generation } = run.containment;
  const undo = await getUndo(run.table, id, generation, action.id);
  if (!undo) return { action, reading: { ok: false, observed: 'it was never begun' }, read: true };
  try {
    const reading = await settle(() => action.verify(undo.before, run.context), { for: READ_BACK_MS });
    return { action, reading, read: true };
  } catch (error) {
    return { action, reading: { ok: false, observed: `it could not be read back: ${errorText(error)}` }, read: false };
  }
}

function wasMade(record: ActionRecord | undefined): boolean {
  return record?.status === 'applied' || record?.made === true;
}

async function note(run: Run, { action, reading, read }: Finding, known: ActionRecord | undefined): Promise<void> {
  // Why it failed says more than that it is not there.
  if (known !== undefined && ['failed', 'skipped'].includes(known.status) && known.unread !== true) return;
  const { id, generation } = run.containment;
  await putAction(run.table, {
    containmentId: id,
    generation,
    action: action.id,
    status: 'failed',
    at: new Date().toISOString(),
    detail: `${titleOf(run.runbook, action.id)}: ${reading.observed}`,
    ...(wasMade(known) && { made: true }),
    ...(!read && { unread: true }),
  });
}
