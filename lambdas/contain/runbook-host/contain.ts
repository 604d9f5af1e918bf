import type { Containment } from '../../../lib/model/containment';
import type { JsonObject } from '../../../lib/model/json';
import { errorText } from '../../shared/aws-error';
import { appendOnce } from '../../shared/store/append-once';
import { changeContainment, getContainment, getUndo, putAction, readActions } from '../../shared/store/containments';
import { isConflict } from '../../shared/store/retry-conflicts';
import { incidentTable } from '../../shared/store/table';
import { attemptMark, boundedLines, containEntry } from '../shared/containment-timeline';
import { parseContainRequest, type ContainRequest } from '../shared/request';
import { containOwner } from '../shared/target-lock';
import type { Action, Change, Reading, Runbook } from './action';
import { changeText } from './change-text';
import { isDenied } from './denied';
import { whyNotChange } from './may-change';
import { persist, settle } from './patience';
import { actionItem, actionOf, makeRun, titleOf, type Run } from './run';
import { allowedDetails, changing, policyOf } from './run-credentials';
import type { SessionPolicy } from './session-policy';
import { beforeOf } from './undo';

export interface ContainAnswer {
  readonly outcome: 'applied' | 'failed' | 'stopped' | 'contained' | 'not-contained';
  readonly detail: string;
}

/** Of a timeline record: the rest is for what the run was allowed. */
const CHANGES_CHARACTERS = 2_000;

/** Each action was given time to settle by itself: when all are read back, and watched, little more is needed. */
const READ_BACK_MS = 5_000;

/** The function that changes things. Operations: `contain` (one action), `verify` (all), `watch` (all, again). */
export function containHandler(runbook: Runbook): (event: unknown) => Promise<ContainAnswer> {
  return async (event) => {
    const ask = parseContainRequest(event);
    const containment = await getContainment(incidentTable(), ask.containmentId);
    if (!containment) throw new Error(`containment '${ask.containmentId}' does not exist`);
    const run = makeRun(runbook, containment, ask.execution);
    if (containment.attempt !== ask.attempt) {
      return { outcome: 'stopped', detail: `attempt ${containment.attempt} took over from ${ask.attempt}` };
    }
    const answer = await operate(run, ask);
    console.log({ message: 'contain', op: ask.op, containmentId: containment.id, action: ask.action, ...answer });
    return answer;
  };
}

async function operate(run: Run, ask: ContainRequest): Promise<ContainAnswer> {
  switch (ask.op) {
    case 'contain':
      return containOne(run, ask);
    case 'verify':
      return verify(run);
    case 'watch':
      return watch(run);
    default:
      throw new Error(`the contain function knows no operation '${ask.op}'`);
  }
}

/** Read, record, change, verify: one action, which may have been begun before. */
async function containOne(run: Run, ask: ContainRequest): Promise<ContainAnswer> {
  const action = actionOf(run.runbook, ask.action);
  const lock = { owner: containOwner(run.containment), fence: ask.fence };
  const not = await whyNotChange(run, lock, 'containing');
  if (not !== undefined) return notMade(run, action, 'skipped', not);
  let changes: readonly Change[];
  let reading: Reading;
  let policy: SessionPolicy | undefined;
  try {
    const { before } = await beforeOf(run, action);
    changes = action.changes(before, run.context);
    policy = await change(run, action, before);
    reading = await settle(() => action.verify(before, run.context));
  } catch (error) {
    // A lost race in the store says nothing about the target: the machine calls again.
    if (isConflict(error)) throw error;
    return notMade(run, action, 'failed', errorText(error));
  }
  return reading.ok ? made(run, action, changes, policy, reading) : notMade(run, action, 'failed', reading.observed);
}

/** Makes the change with credentials that may do this and nothing else; gives what they were allowed. */
async function change(run: Run, action: Action, before: JsonObject): Promise<SessionPolicy | undefined> {
  const policy = policyOf(run, action, 'contain', [before]);
  const context = changing(run, action, 'contain', policy);
  try {
    await persist(() => action.contain(before, context));
    return policy;
  } catch (error) {
    if (!isDenied(error)) throw error;
    // What was added since the state was written down is not in the policy: it is looked at, and asked about as well.
    const now = await persist(() => action.read(run.context));
    const wider = policyOf(run, action, 'contain', [before, now]);
    if (wider?.sha256 === policy?.sha256) throw error;
    const anew = changing(run, action, 'contain', wider);
    await persist(() => action.contain(before, anew));
    return wider;
  }
}

async function made(
  run: Run,
  action: Action,
  changes: readonly Change[],
  policy: SessionPolicy | undefined,
  reading: Reading,
): Promise<ContainAnswer> {
  const title = titleOf(run.runbook, action.id);
  const text =
    changes.length === 0 ? `${title}: it was so already; ${reading.observed}` : `${title}: ${reading.observed}`;
  await say(run, action, 'applied', text, {
    changes: boundedLines(changes.map(changeText), CHANGES_CHARACTERS),
    ...allowedDetails(policy),
  });
  return { outcome: 'applied', detail: reading.observed };
}

async function notMade(run: Run, action: Action, status: 'skipped' | 'failed', detail: string): Promise<ContainAnswer> {
  await say(run, action, status, `${titleOf(run.runbook, action.id)} failed: ${detail}`, {});
  return { outcome: status === 'skipped' ? 'stopped' : 'failed', detail };
}

async function say(
  run: Run,
  action: Action,
  status: 'applied' | 'skipped' | 'failed',
  text: string,
  details: JsonObject,
): Promise<void> {
  const { containment, table } = run;
  const kind = status === 'applied' ? 'action-applied' : 'action-failed';
  const item = actionItem(run, action.id, { status, detail: text });
  const entry = containEntry(containment, kind, text, run.by, { action: action.id, ...details });
  const mark = attemptMark(containment, `${kind}#${action.id}`);
  const said = await appendOnce(table, containment.incidentId, mark, [entry], [item]);
  // Said before in this attempt; where the action stands may still be news.
  if (!said && item.Put) await putAction(table, item.Put.Item?.['action'] as Parameters<typeof putAction>[1]);
}

interface Finding {
  readonly action: Action;
  readonly reading: Reading;
}

/** Reads every action back. What was never recorded was never made. */
async function readBack(run: Run): Promise<readonly Finding[]> {
  return Promise.all(
    run.runbook.actions.map(async (action) => {
      const { id, generation } = run.containment;
      const undo = await getUndo(run.table, id, generation, action.id);
      if (!undo) return { action, reading: { ok: false, observed: 'it was never begun' } };
      try {
        const reading = await settle(() => action.verify(undo.before, run.context), { for: READ_BACK_MS });
        return { action, reading };
      } catch (error) {
        return { action, reading: { ok: false, observed: `it could not be read back: ${errorText(error)}` } };
      }
    }),
  );
}

async function verify(run: Run): Promise<ContainAnswer> {
  const { containment, table } = run;
  if (!['containing', 'verified'].includes(containment.status)) {
    return { outcome: 'stopped', detail: `the containment is '${containment.status}' by now` };
  }
  const findings = await readBack(run);
  const missing = await noteMissing(run, findings);
  if (missing !== undefined) return { outcome: 'not-contained', detail: missing };
  const verifiedAt = containment.verifiedAt ?? new Date().toISOString();
  await tellHolders(run, containment, findings);
  await changeContainment(table, containment.id, (now) =>
    now?.attempt === containment.attempt && now.status === 'containing'
      ? { ...now, status: 'verified', verifiedAt }
      : undefined,
  );
  return { outcome: 'contained', detail: `${findings.length} actions were read back` };
}

async function tellHolders(run: Run, containment: Containment, findings: readonly Finding[]): Promise<void> {
  const text = `Contained: '${run.runbook.facts.title}' on ${containment.target.kind} ${containment.target.id}; every action was read back`;
  const observed = boundedLines(findings.map(({ action, reading }) => `${action.id}: ${reading.observed}`));
  const entry = containEntry(containment, 'containment-verified', text, run.by, { observed });
  for (const incidentId of new Set([containment.incidentId, ...containment.holds])) {
    await appendOnce(run.table, incidentId, attemptMark(containment, 'verified'), [entry]);
  }
}

async function watch(run: Run): Promise<ContainAnswer> {
  const findings = await readBack(run);
  const missing = await noteMissing(run, findings);
  if (missing !== undefined) return { outcome: 'not-contained', detail: missing };
  return { outcome: 'contained', detail: `${findings.length} actions still hold` };
}

/**
 * Writes down which actions are in place and which are not, where that is not what was thought: an action may have been made and
 * its answer lost. Gives what is missing in words, or undefined where nothing is.
 */
async function noteMissing(run: Run, findings: readonly Finding[]): Promise<string | undefined> {
  const missing = findings.filter(({ reading }) => !reading.ok);
  const { id, generation } = run.containment;
  const known = await readActions(run.table, id, generation);
  for (const { action, reading } of findings) {
    const applied = known.some((record) => record.action === action.id && record.status === 'applied');
    if (!reading.ok || applied) continue;
    await say(run, action, 'applied', `${titleOf(run.runbook, action.id)}: found in place: ${reading.observed}`, {});
  }
  for (const { action, reading } of missing) {
    // Why it failed says more than that it is not there.
    if (known.some((record) => record.action === action.id && ['failed', 'skipped'].includes(record.status))) continue;
    await putAction(run.table, {
      containmentId: id,
      generation,
      action: action.id,
      status: 'failed',
      at: new Date().toISOString(),
      detail: reading.observed,
    });
  }
  if (missing.length === 0) return undefined;
  return missing.map(({ action, reading }) => `${titleOf(run.runbook, action.id)}: ${reading.observed}`).join('; ');
}
