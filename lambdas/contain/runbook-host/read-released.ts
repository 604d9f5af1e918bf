import { wasGivenBack, type ActionRecord } from '../../../lib/model/containment';
import { errorText } from '../../shared/aws-error';
import { getUndo, putAction, readActions } from '../../shared/store/containments';
import type { Action, Reading, ReleaseOptions } from './action';
import { settle } from './patience';
import { titleOf, type Run } from './run';

interface Finding {
  readonly action: Action;
  readonly reading: Reading;
  /** False where nothing could be read: that says nothing about the target. */
  readonly read: boolean;
}

/**
 * Reads back everything that was begun, and writes down what is not as it was before. What is, although nobody wrote that
 * down, is told to `found`: an action may have been undone and its answer lost. Gives what is wrong, in words.
 */
export async function readReleased(
  run: Run,
  options: ReleaseOptions,
  found: (action: Action, reading: Reading, known: ActionRecord | undefined) => Promise<void>,
): Promise<readonly string[]> {
  const read = await Promise.all(run.runbook.actions.map((action) => readOne(run, action, options)));
  const records = await readActions(run.table, run.containment.id, run.containment.generation);
  const recordOf = ({ id }: Action) => records.find((record) => record.action === id);
  const findings = read
    .filter((finding) => finding !== undefined)
    .map((finding) => withoutTasks(run, finding, recordOf(finding.action)));
  for (const finding of findings) {
    const { action, reading } = finding;
    const known = recordOf(action);
    const said = known?.status === 'released' || known?.status === 'task';
    if (reading.ok && !said) await found(action, reading, known);
    // Why it could not be undone says more than that it is not.
    const explained = known?.status === 'release-failed' && !(known.unread === true && finding.read);
    if (!reading.ok && !explained) await note(run, finding, known);
  }
  return findings
    .filter(({ reading }) => !reading.ok)
    .map(({ action, reading }) => `${titleOf(run.runbook, action.id)}: ${reading.observed}`);
}

/**
 * What is not given back by a call alone may read as it should from the beginning: a key stays inactive. Where nobody wrote
 * down what people have to do for it, it is not given back.
 */
function withoutTasks(run: Run, finding: Finding, known: ActionRecord | undefined): Finding {
  const facts = run.runbook.facts.actions.find(({ id }) => id === finding.action.id);
  const toldOf = known?.tasks !== undefined || wasGivenBack(known);
  if (!finding.reading.ok || facts?.release === 'restores' || toldOf) return finding;
  const observed = 'nobody wrote down what people have to do for it; release it again';
  return { ...finding, reading: { ok: false, observed } };
}

/** Undefined for what was never begun: there is nothing to give back. */
async function readOne(run: Run, action: Action, options: ReleaseOptions): Promise<Finding | undefined> {
  const undo = await getUndo(run.table, run.containment.id, run.containment.generation, action.id);
  if (!undo) return undefined;
  try {
    return {
      action,
      reading: await settle(() => action.verifyReleased(undo.before, run.context, options)),
      read: true,
    };
  } catch (error) {
    return { action, reading: { ok: false, observed: `it could not be read back: ${errorText(error)}` }, read: false };
  }
}

async function note(run: Run, { action, reading, read }: Finding, known: ActionRecord | undefined): Promise<void> {
  await putAction(run.table, {
    containmentId: run.containment.id,
    generation: run.containment.generation,
    action: action.id,
    status: 'release-failed',
    at: new Date().toISOString(),
    detail: `Not undone: ${titleOf(run.runbook, action.id)}: ${reading.observed}`,
    ...(known?.tasks && { tasks: known.tasks }),
    ...(wasGivenBack(known) && { givenBack: true }),
    ...(!read && { unread: true }),
  });
}
