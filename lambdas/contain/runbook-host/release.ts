import { wasGivenBack, type ActionRecord, type UndoRecord } from '../../../lib/model/containment';
import type { JsonObject } from '../../../lib/model/json';
import { errorText } from '../../shared/aws-error';
import { appendOnce } from '../../shared/store/append-once';
import { changeContainment, getContainment, getUndo, putAction, readActions } from '../../shared/store/containments';
import { incidentTable } from '../../shared/store/table';
import { boundedLines, containEntry } from '../shared/containment-timeline';
import { parseReleaseRequest, type ReleaseRequest } from '../shared/request';
import { giveBackLock, releaseOwner } from '../shared/target-lock';
import type { Action, Reading, Released, ReleaseOptions, Runbook } from './action';
import { beginRelease, type BeginAnswer } from './begin-release';
import { changedSinceTasks } from './changed-since';
import { whyNotChange } from './may-change';
import { persist, settle } from './patience';
import { readReleased } from './read-released';
import { actionItem, actionOf, makeRun, titleOf, type Run } from './run';
import { allowedDetails, changing, policyOf } from './run-credentials';
import type { SessionPolicy } from './session-policy';

export type ReleaseAnswer =
  | BeginAnswer
  | { readonly outcome: 'given-back' | 'failed' | 'stopped' | 'released' | 'not-released'; readonly detail: string };

/** Of a timeline record, for what was restored and for the tasks; the rest is for what the run was allowed. */
const LINES_CHARACTERS = 1_000;

/** An instance takes its time to come back into service. */
const SETTLE_MS = 60_000;

/** The function that takes back. Operations: `begin`, `release` (one action), `verify` (all). */
export function releaseHandler(runbook: Runbook): (event: unknown) => Promise<ReleaseAnswer> {
  return async (event) => {
    const ask = parseReleaseRequest(event);
    const containment = await getContainment(incidentTable(), ask.containmentId);
    if (!containment) throw new Error(`containment '${ask.containmentId}' does not exist`);
    const run = makeRun(runbook, { ...containment, incidentId: ask.incidentId }, ask.execution);
    const answer = await operate(run, ask);
    console.log({ message: 'release', op: ask.op, containmentId: containment.id, action: ask.action, ...answer });
    return answer;
  };
}

async function operate(run: Run, ask: ReleaseRequest): Promise<ReleaseAnswer> {
  switch (ask.op) {
    case 'begin':
      return beginRelease(run, ask);
    case 'release':
      return releaseOne(run, ask);
    case 'verify':
      return verify(run, ask);
    default:
      throw new Error(`the release function knows no operation '${ask.op}'`);
  }
}

async function releaseOne(run: Run, ask: ReleaseRequest): Promise<ReleaseAnswer> {
  const action = actionOf(run.runbook, ask.action);
  const lock = { ...releaseOwner(run.containment, ask.execution), fence: ask.fence };
  const records = await readActions(run.table, run.containment.id, run.containment.generation);
  const known = records.find((record) => record.action === action.id);
  const not = await whyNotChange(run, lock, 'releasing');
  if (not !== undefined)
    return notGivenBack(run, ask, action, not, { tasks: known?.tasks, givenBack: wasGivenBack(known) });
  const undo = await getUndo(run.table, run.containment.id, run.containment.generation, action.id);
  if (!undo) return { outcome: 'given-back', detail: 'it was never begun: there is nothing to give back' };
  const asksForMore = ask.force || (ask.reactivateKeys && known?.status === 'task');
  if (wasGivenBack(known) && !asksForMore) return readAgain(run, ask, action, undo, known);
  let released: Released | undefined;
  let reading: Reading;
  let policy: SessionPolicy | undefined;
  try {
    policy = policyOf(run, action, 'release', [undo.before]);
    const context = changing(run, action, 'release', policy);
    released = await persist(() => action.release(undo.before, context, options(ask)));
    reading = await settle(() => action.verifyReleased(undo.before, run.context, options(ask)), { for: SETTLE_MS });
  } catch (error) {
    const unread = released !== undefined;
    return notGivenBack(
      run,
      ask,
      action,
      unread ? `it could not be read back: ${errorText(error)}` : errorText(error),
      {
        ...released,
        unread,
      },
    );
  }
  if (!reading.ok) return notGivenBack(run, ask, action, reading.observed, released);
  const title = titleOf(run.runbook, action.id);
  await say(run, ask, action, {
    kind: 'action-released',
    status: released.tasks.length > 0 ? 'task' : 'released',
    text: `Undone: ${title}; ${reading.observed}`,
    ...released,
    details: allowedDetails(policy),
  });
  return { outcome: 'given-back', detail: reading.observed };
}

/** An earlier release gave it back: what is otherwise by now was changed by somebody, and is theirs. */
async function readAgain(
  run: Run,
  ask: ReleaseRequest,
  action: Action,
  undo: UndoRecord,
  known: ActionRecord,
): Promise<ReleaseAnswer> {
  const { tasks = [] } = known;
  try {
    const reading = await settle(() => action.verifyReleased(undo.before, run.context, options(ask)));
    if (reading.ok) {
      if (known.status === 'release-failed') await sayFound(run, ask, action, reading, known);
      return { outcome: 'given-back', detail: reading.observed };
    }
    const detail = `an earlier release gave it back, and it is otherwise by now: ${reading.observed}; look at it, then release with --force`;
    return await notGivenBack(run, ask, action, detail, { tasks, givenBack: true });
  } catch (error) {
    const detail = `it could not be read back: ${errorText(error)}`;
    return notGivenBack(run, ask, action, detail, { tasks, givenBack: true, unread: true });
  }
}

function options(ask: ReleaseRequest): ReleaseOptions {
  return { reactivateKeys: ask.reactivateKeys };
}

/** What was given back before it failed, and what people have to do for it, is not forgotten. */
async function notGivenBack(
  run: Run,
  ask: ReleaseRequest,
  action: Action,
  detail: string,
  { restored = [], tasks, ...known }: Partial<Released> & Pick<ActionRecord, 'unread' | 'givenBack'> = {},
): Promise<ReleaseAnswer> {
  await say(run, ask, action, {
    kind: 'action-not-released',
    status: 'release-failed',
    text: `Not undone: ${titleOf(run.runbook, action.id)}: ${detail}`,
    restored,
    tasks,
    known,
    details: {},
  });
  return { outcome: 'failed', detail };
}

interface Word extends Pick<Released, 'restored'> {
  /** Undefined where nobody knows yet what they are. */
  readonly tasks: readonly string[] | undefined;
  readonly kind: 'action-released' | 'action-not-released';
  readonly status: 'released' | 'task' | 'release-failed';
  readonly text: string;
  readonly known?: Pick<ActionRecord, 'unread' | 'givenBack'>;
  readonly details: JsonObject;
}

async function say(run: Run, ask: ReleaseRequest, action: Action, word: Word): Promise<void> {
  const { kind, status, text, restored, tasks, known = {}, details } = word;
  const { unread, givenBack } = known;
  const marks = { ...(tasks && { tasks }), ...(unread && { unread }), ...(givenBack && { givenBack }) };
  const item = actionItem(run, action.id, { status, detail: text, ...marks });
  const entry = containEntry(run.containment, kind, text, run.by, {
    action: action.id,
    restored: boundedLines(restored, LINES_CHARACTERS),
    tasks: boundedLines(tasks ?? [], LINES_CHARACTERS),
    ...details,
  });
  const said = await appendOnce(run.table, ask.incidentId, `${run.by}#${kind}#${action.id}`, [entry], [item]);
  if (!said && item.Put) await putAction(run.table, item.Put.Item?.['action'] as Parameters<typeof putAction>[1]);
}

async function sayFound(
  run: Run,
  ask: ReleaseRequest,
  action: Action,
  reading: Reading,
  known: ActionRecord | undefined,
): Promise<void> {
  const tasks = known?.tasks ?? [];
  await say(run, ask, action, {
    kind: 'action-released',
    status: tasks.length > 0 ? 'task' : 'released',
    text: `Undone: ${titleOf(run.runbook, action.id)}; found so: ${reading.observed}`,
    restored: [],
    tasks,
    details: {},
  });
}

/** Reads everything back; only then nobody holds the containment any more. */
async function verify(run: Run, ask: ReleaseRequest): Promise<ReleaseAnswer> {
  const { containment, table } = run;
  if (containment.status === 'released') return { outcome: 'released', detail: 'it was released before' };
  if (containment.status !== 'releasing' || containment.executionArn !== ask.execution) {
    return {
      outcome: 'not-released',
      detail: `the containment is '${containment.status}' by now, and not by this release`,
    };
  }
  const wrong = await readReleased(run, options(ask), (...finding) => sayFound(run, ask, ...finding));
  if (wrong.length > 0) return { outcome: 'not-released', detail: wrong.join('; ') };
  const records = await readActions(table, containment.id, containment.generation);
  const tasks = [...records.flatMap((record) => record.tasks ?? []), ...changedSinceTasks(run, containment)];
  const text = `Released by ${ask.by}: '${run.runbook.facts.title}' on ${containment.target.kind} ${containment.target.id}${
    tasks.length > 0 ? `; ${tasks.length} task(s) are left for people` : `; ${howItIs(run)}`
  }`;
  const entry = containEntry(containment, 'containment-released', text, ask.by, {
    reason: ask.reason,
    reactivateKeys: ask.reactivateKeys,
    forced: ask.force,
    tasks: boundedLines(tasks),
  });
  for (const incidentId of new Set([ask.incidentId, ...containment.holds])) {
    await appendOnce(table, incidentId, `${run.by}#released`, [entry]);
  }
  // First: whoever contains again from here on needs it at once.
  await giveBackLock(table, containment, releaseOwner(containment, ask.execution));
  await changeContainment(table, containment.id, (now) =>
    now?.status === 'releasing' && now.executionArn === ask.execution
      ? { ...now, status: 'released', holds: [], reason: undefined }
      : undefined,
  );
  return { outcome: 'released', detail: text };
}

function howItIs({ runbook }: Run): string {
  const stays = runbook.facts.actions.filter(({ release }) => release === 'never').map(({ title }) => title);
  return stays.length === 0 ? 'everything is as it was before' : `what is never taken back stays: ${stays.join(', ')}`;
}
