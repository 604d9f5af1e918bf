import { canonicalJson } from '../../../lib/model/canonical-json';
import type { JsonObject } from '../../../lib/model/json';
import type { Containment, UndoRecord } from '../../../lib/model/containment';
import { appendOnce } from '../../shared/store/append-once';
import { changeContainment } from '../../shared/store/containments';
import { putLockedOnce } from '../../shared/vault';
import { attemptMark, boundedLines, containEntry } from '../shared/containment-timeline';
import type { Action } from './action';
import { changeText } from './change-text';
import { persist } from './patience';
import { titleOf, type Run } from './run';

/** An attempt that begins so much later finds what people made of it since, and not only what the one before left half done. */
const LATER_MS = 60 * 60 * 1000;

/**
 * A generation ends with a release, and so an attempt may find the state before written down long ago: it is kept, since what
 * is there now may be an attacker's. Where it is neither in place nor as it was then, people are told what it is now, and a
 * release gives back the older one only to who insists.
 */
export async function noteChangedSince(run: Run, action: Action, undo: UndoRecord): Promise<void> {
  const { containment, table } = run;
  if (Date.parse(containment.startedAt) - Date.parse(undo.at) < LATER_MS) return;
  const found = await look(run, action, undo);
  if (found === undefined) return;
  const { id, generation, attempt } = containment;
  const key = `undo/${id}/${generation}/${action.id}-${attempt}.json`;
  const object = await putLockedOnce({ key, body: canonicalJson(found.now), contentType: 'application/json' });
  await changeContainment(table, id, (now) =>
    now?.attempt === attempt && !now.changedSince?.includes(action.id)
      ? { ...now, changedSince: [...(now.changedSince ?? []), action.id] }
      : undefined,
  );
  const text = `Since the state before '${titleOf(run.runbook, action.id)}' was written down on ${undo.at}, it became another; a release gives back the older one only with --force`;
  const details = { action: action.id, changes: found.changes, objects: [{ ...object }] };
  const mark = `${attemptMark(containment, 'changed-since')}#${action.id}`;
  await appendOnce(table, containment.incidentId, mark, [
    containEntry(containment, 'state-recorded', text, run.by, details),
  ]);
}

interface Found {
  readonly changes: string[];
  readonly now: JsonObject;
}

/** Undefined where it is in place, or as it was, or cannot be read, which the change itself will say. */
async function look({ runbook, context }: Run, action: Action, undo: UndoRecord): Promise<Found | undefined> {
  // Where a release gives nothing back, it takes nothing away.
  if (runbook.facts.actions.find(({ id }) => id === action.id)?.release !== 'restores') return undefined;
  try {
    // In place as the attempt before made it, whose deny may have to be renewed by this one.
    const then = { ...context, startedAt: undo.at };
    if ((await persist(() => action.verify(undo.before, then))).ok) return undefined;
    if ((await persist(() => action.verifyReleased(undo.before, then, { reactivateKeys: false }))).ok) return undefined;
    const now = await persist(() => action.read(context));
    return { changes: boundedLines(action.changes(now, context).map(changeText)), now };
  } catch {
    return undefined;
  }
}

/** What a person has to look at after a release that was insisted on. */
export function changedSinceTasks(
  { runbook }: Run,
  { changedSince = [] }: Pick<Containment, 'changedSince'>,
): string[] {
  return changedSince.map(
    (action) =>
      `Look whether '${titleOf(runbook, action)}' is as it is wanted: it was another between two attempts, and what it was then stands in the timeline`,
  );
}
