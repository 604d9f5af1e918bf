import type { JsonObject } from '../../../lib/model/json';
import { errorText } from '../../shared/aws-error';
import { appendOnce } from '../../shared/store/append-once';
import { getContainment, putAction } from '../../shared/store/containments';
import { isConflict } from '../../shared/store/retry-conflicts';
import { incidentTable } from '../../shared/store/table';
import { attemptMark, boundedLines, containEntry, times } from '../shared/containment-timeline';
import { changeOnceTold } from '../shared/once-told';
import { parseContainRequest, type ContainRequest } from '../shared/request';
import { containOwner } from '../shared/target-lock';
import type { Action, Change, Reading, Runbook } from './action';
import { BeyondApprovedError, boundByApproval, noteBeyond } from './approved';
import { changeText } from './change-text';
import { makeChange } from './make-change';
import { whyNotChange } from './may-change';
import { settle } from './patience';
import { READ_BACK_MS, readBack, type Finding } from './read-back';
import { actionItem, actionOf, makeRun, titleOf, type Run } from './run';
import { allowedDetails } from './run-credentials';
import type { SessionPolicy } from './session-policy';
import { beforeOf } from './undo';

export interface ContainAnswer {
  /** `undone`: it was made, and is not there (any more). */
  readonly outcome: 'applied' | 'failed' | 'stopped' | 'contained' | 'undone' | 'not-contained';
  readonly detail: string;
  /** How often it had been undone before. */
  readonly timesUndone: number;
}

/** Of a timeline record: the rest is for what the run was allowed. */
const CHANGES_CHARACTERS = 2_000;

type Outcome = Omit<ContainAnswer, 'timesUndone'>;

/** The function that changes things. Operations: `contain` (one action), `verify` (all), `watch` (all, again). */
export function containHandler(runbook: Runbook): (event: unknown) => Promise<ContainAnswer> {
  return async (event) => {
    const ask = parseContainRequest(event);
    const containment = await getContainment(incidentTable(), ask.containmentId);
    if (!containment) throw new Error(`containment '${ask.containmentId}' does not exist`);
    const { timesUndone = 0 } = containment;
    const run = makeRun(runbook, containment, ask.execution);
    if (containment.attempt !== ask.attempt) {
      return {
        outcome: 'stopped',
        detail: `attempt ${containment.attempt} took over from ${ask.attempt}`,
        timesUndone,
      };
    }
    const answer = { ...(await operate(await boundByApproval(run), ask)), timesUndone };
    console.log({ message: 'contain', op: ask.op, containmentId: containment.id, action: ask.action, ...answer });
    return answer;
  };
}

async function operate(run: Run, ask: ContainRequest): Promise<Outcome> {
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
async function containOne(run: Run, ask: ContainRequest): Promise<Outcome> {
  const action = actionOf(run.runbook, ask.action);
  const lock = { ...containOwner(run.containment), fence: ask.fence };
  const not = await whyNotChange(run, lock, 'containing');
  if (not !== undefined) return notMade(run, action, { status: 'skipped', made: false }, not);
  let changes: readonly Change[];
  let reading: Reading;
  let policy: SessionPolicy | undefined;
  let accepted = false;
  try {
    const { before } = await beforeOf(run, action);
    changes = action.changes(before, run.context);
    policy = await makeChange(run, action, before);
    accepted = true;
    reading = await settle(() => action.verify(before, run.context), patienceFor(run));
  } catch (error) {
    // A lost race in the store says nothing about the target: the machine calls again.
    if (isConflict(error)) throw error;
    if (error instanceof BeyondApprovedError) await noteBeyond(run, error.message);
    return notMade(run, action, { status: 'failed', made: accepted }, errorText(error));
  }
  if (!reading.ok) return notMade(run, action, { status: 'failed', made: true }, reading.observed);
  return made(run, action, changes, policy, reading);
}

/** It was seen to settle before; whoever takes it away again is not given half a minute each time. */
function patienceFor({ containment: { timesUndone = 0 } }: Run): { readonly for?: number } {
  return timesUndone > 0 ? { for: READ_BACK_MS } : {};
}

async function made(
  run: Run,
  action: Action,
  changes: readonly Change[],
  policy: SessionPolicy | undefined,
  reading: Reading,
): Promise<Outcome> {
  const title = titleOf(run.runbook, action.id);
  const text =
    changes.length === 0 ? `${title}: it was so already; ${reading.observed}` : `${title}: ${reading.observed}`;
  await say(run, action, { status: 'applied', made: true }, text, {
    changes: boundedLines(changes.map(changeText), CHANGES_CHARACTERS),
    ...allowedDetails(policy),
  });
  return { outcome: 'applied', detail: reading.observed };
}

async function notMade(run: Run, action: Action, end: End, detail: string): Promise<Outcome> {
  await say(run, action, end, `${titleOf(run.runbook, action.id)} failed: ${detail}`, {});
  return { outcome: end.status === 'skipped' ? 'stopped' : 'failed', detail };
}

/** How one action ended; `made`: AWS took the change, whatever was read back. */
interface End {
  readonly status: 'applied' | 'skipped' | 'failed';
  readonly made: boolean;
}

async function say(run: Run, action: Action, { status, made }: End, text: string, details: JsonObject): Promise<void> {
  const { containment, table } = run;
  const kind = status === 'applied' ? 'action-applied' : 'action-failed';
  const item = actionItem(run, action.id, { status, detail: text, made });
  const entry = containEntry(containment, kind, text, run.by, { action: action.id, ...details });
  const mark = attemptMark(containment, `${kind}#${action.id}`);
  const said = await appendOnce(table, containment.incidentId, mark, [entry], [item]);
  // Said before in this attempt; where the action stands may still be news.
  if (!said && item.Put) await putAction(table, item.Put.Item?.['action'] as Parameters<typeof putAction>[1]);
}

async function sayFound(run: Run, action: Action, reading: Reading): Promise<void> {
  const text = `${titleOf(run.runbook, action.id)}: found in place: ${reading.observed}`;
  await say(run, action, { status: 'applied', made: true }, text, {});
}

async function verify(run: Run): Promise<Outcome> {
  const { containment, table } = run;
  if (!['containing', 'verified'].includes(containment.status)) {
    return { outcome: 'stopped', detail: `the containment is '${containment.status}' by now` };
  }
  const { findings, missing } = await readBack(run, (action, reading) => sayFound(run, action, reading));
  if (missing) return missing;
  const verifiedAt = containment.verifiedAt ?? new Date().toISOString();
  const tell = (incidentIds: readonly string[]) => tellVerified(run, incidentIds, findings);
  await changeOnceTold(table, containment, tell, (now) =>
    now.attempt === containment.attempt && now.status === 'containing'
      ? { ...now, status: 'verified', verifiedAt }
      : undefined,
  );
  return { outcome: 'contained', detail: `${findings.length} actions were read back` };
}

async function tellVerified(run: Run, incidentIds: readonly string[], findings: readonly Finding[]): Promise<void> {
  const { containment } = run;
  const { timesUndone = 0 } = containment;
  const again = timesUndone > 0 ? ` (made again: it had been undone ${times(timesUndone)})` : '';
  const text = `Contained: '${run.runbook.facts.title}' on ${containment.target.kind} ${containment.target.id}; every action was read back${again}`;
  const observed = boundedLines(findings.map(({ action, reading }) => `${action.id}: ${reading.observed}`));
  const entry = containEntry(containment, 'containment-verified', text, run.by, { observed });
  for (const incidentId of incidentIds) {
    await appendOnce(run.table, incidentId, attemptMark(containment, 'verified'), [entry]);
  }
}

async function watch(run: Run): Promise<Outcome> {
  const { findings, missing } = await readBack(run, (action, reading) => sayFound(run, action, reading));
  return missing ?? { outcome: 'contained', detail: `${findings.length} actions still hold` };
}
