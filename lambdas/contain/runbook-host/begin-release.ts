import type { ActionRecord, Containment, UndoRecord } from '../../../lib/model/containment';
import { checkGuardRails } from '../../../lib/model/guard-rails';
import { assertNever } from '../../../lib/model/assert-never';
import { errorText } from '../../shared/aws-error';
import { endQuestion, LET_GO, type QuestionOver } from '../../shared/approvals/end-question';
import { readBrake } from '../../shared/brake';
import { leaveToOthers } from '../../shared/hand-over/leave-to-others';
import { appendOnce } from '../../shared/store/append-once';
import { getApproval } from '../../shared/store/approvals';
import { changeContainment, getContainment, getUndo, readActions } from '../../shared/store/containments';
import { acquireLock } from '../../shared/store/locks';
import { survivorOf } from '../../shared/store/survivor';
import { containEntry } from '../shared/containment-timeline';
import { guardRailSettings } from '../shared/guard-settings';
import type { ReleaseRequest } from '../shared/request';
import { LOCK_SECONDS, giveBackLock, lockResource, releaseOwner } from '../shared/target-lock';
import type { Action } from './action';
import { settle } from './patience';
import { titleOf, type Run } from './run';
import { wasChanged } from './was-changed';

export interface BeginAnswer {
  readonly decision: 'release' | 'hold-removed' | 'refuse' | 'done' | 'wait';
  readonly reason: string;
  readonly fence: number;
  readonly waits: number;
}

/** Times that the machine asks again, 15 s apart: 10 minutes. */
const MAX_WAITS = 40;
const DRIFT_MS = 5_000;

/**
 * Lets an incident's hold go. Only the last one releases: the hold stays until everything was given back and read
 * back, so that a release that is cut short can be run again.
 */
export async function beginRelease(given: Run, ask: ReleaseRequest): Promise<BeginAnswer> {
  if (!given.containment.holds.includes(ask.incidentId)) return notHeld(given, ask);
  const run = await withoutQuestion(given, ask);
  const { containment } = run;
  if (containment.holds.length > 1) return letGo(run, ask, 'hold-removed');
  switch (containment.status) {
    case 'starting':
    case 'containing':
    case 'verified':
      return waitOr(run, ask, `it is '${containment.status}': the execution that contains it has not ended`);
    case 'planned':
    case 'awaiting-approval':
    case 'not-approved':
    case 'refused':
      // Refused may have been the second attempt: what the first one changed is still to be taken back.
      return (await wasChanged(run))
        ? begin(run, ask, ask.force ? undefined : await drift(run))
        : letGo(run, ask, 'done');
    case 'released':
      return letGo(run, ask, 'done');
    case 'held':
    case 'failed':
      return begin(run, ask, ask.force ? undefined : await drift(run));
    case 'releasing':
      // One that crashed is found by the auditor, and is 'release-failed' then.
      if (containment.executionArn !== ask.execution) return waitOr(run, ask, 'another release of it is at work');
      return begin(run, ask, undefined);
    case 'release-failed':
      // What was half given back is not as it was left by nature: it goes on where it ended.
      return begin(run, ask, ask.force ? undefined : await drift(run));
    default:
      return assertNever(containment.status);
  }
}

/**
 * Who releases it does not want it contained: nobody is to approve that for this incident any more, and what was approved but
 * not begun is not, nor what was only begun for it. Others that hold it hand it over themselves, which the reconciler starts.
 */
async function withoutQuestion(run: Run, ask: ReleaseRequest): Promise<Run> {
  const { table } = run;
  const containment = await getContainment(table, run.containment.id);
  if (!containment) return run;
  const { approvalId, holds, incidentId, status } = containment;
  if (status === 'starting' && holds.length > 1 && incidentId === ask.incidentId) {
    await leaveToOthers(table, containment, LET_GO, new Date(), ask.incidentId);
  } else if (approvalId !== undefined && (status === 'awaiting-approval' || status === 'not-approved')) {
    const approval = await getApproval(table, approvalId);
    const whose = approval && (await survivorOf(table, approval.incidentId));
    const over: QuestionOver = { because: LET_GO, by: ask.by, except: ask.incidentId };
    if (approval && whose?.id === ask.incidentId) await endQuestion(table, approval, over, new Date());
  }
  const now = await getContainment(table, containment.id);
  return { ...run, containment: { ...(now ?? containment), incidentId: ask.incidentId } };
}

async function begin(run: Run, ask: ReleaseRequest, drifted: string | undefined): Promise<BeginAnswer> {
  const { containment, table } = run;
  if (drifted !== undefined) {
    return refuse(run, ask, `it is not as Firebreak left it: ${drifted}; look at it, then release with --force`);
  }
  const verdict = checkGuardRails({ target: containment.target, arns: [], networks: [] }, guardRailSettings());
  if (!verdict.allowed) {
    return refuse(run, ask, `a guard rail refuses: ${verdict.because}; take it off the list while you release it`);
  }
  const brake = await readBrake();
  if (!brake.released) return refuse(run, ask, `${brake.because}; 'firebreak resume' releases the brake`);
  const owner = releaseOwner(containment, ask.execution);
  const resource = lockResource(containment.target);
  const fence = await acquireLock(table, { ...owner, resource, seconds: LOCK_SECONDS, now: new Date() });
  if (fence === undefined) return waitOr(run, ask, 'another runbook is at work on the same target');
  await appendOnce(table, ask.incidentId, `${run.by}#release-started`, [
    containEntry(
      containment,
      'release-started',
      `${ask.by} releases '${run.runbook.facts.title}' on ${containment.target.kind} ${containment.target.id}${ask.reason ? `: ${ask.reason}` : ''}`,
      ask.by,
      { reason: ask.reason, forced: ask.force, reactivateKeys: ask.reactivateKeys },
    ),
  ]);
  const after = await changeContainment(table, containment.id, (now) => startReleasing(now, containment, ask));
  if (after?.status !== 'releasing' || after.executionArn !== ask.execution) {
    // Whoever contains again needs it at once.
    await giveBackLock(table, containment, owner);
    return refuse(run, ask, `it became '${after?.status ?? 'gone'}' meanwhile; try again`);
  }
  return answer('release', ask.reason, ask, fence);
}

function startReleasing(now: Containment | undefined, seen: Containment, ask: ReleaseRequest): Containment | undefined {
  // Somebody else may hold it by now: then this is not the last hold any more.
  if (now?.attempt !== seen.attempt || now.status !== seen.status) return undefined;
  if (now.holds.length > 1 || !now.holds.includes(ask.incidentId)) return undefined;
  const releaseBeganAt = new Date().toISOString();
  return { ...now, status: 'releasing', incidentId: ask.incidentId, executionArn: ask.execution, releaseBeganAt };
}

/**
 * What is not in place any more, of what had been; undefined where nothing drifted. Where that was known before, it may be
 * in place or as it was before all this: in both, nobody else has changed it.
 */
async function drift(run: Run): Promise<string | undefined> {
  const { id, generation, status, changedSince = [] } = run.containment;
  const made = (await readActions(run.table, id, generation)).filter(wasMade);
  const readings = await Promise.all(
    made.map(async (record) => {
      const action = run.runbook.actions.find((candidate) => candidate.id === record.action);
      const undo = await getUndo(run.table, id, generation, record.action);
      if (!action || !undo) return undefined;
      const mayBeBack = status === 'release-failed' || record.status !== 'applied';
      try {
        const reading = await settle(() => action.verify(undo.before, run.context), { for: DRIFT_MS });
        if (reading.ok || (mayBeBack && (await isAsBefore(run, action, undo)))) return undefined;
        return `${titleOf(run.runbook, action.id)}: ${reading.observed}`;
      } catch (error) {
        return `${titleOf(run.runbook, action.id)}: it could not be read back: ${errorText(error)}`;
      }
    }),
  );
  const older = changedSince.map(
    (action) =>
      `${titleOf(run.runbook, action)}: its state before is an older one, and it was another when it was contained again`,
  );
  const drifted = [...older, ...readings.filter((reading) => reading !== undefined)];
  return drifted.length > 0 ? drifted.join('; ') : undefined;
}

/** In place when it was last looked at, or made and not seen since. */
function wasMade({ status, made, unread }: ActionRecord): boolean {
  return status === 'applied' || (status === 'failed' && (made === true || unread === true));
}

async function isAsBefore(run: Run, action: Action, undo: UndoRecord): Promise<boolean> {
  return (await action.verifyReleased(undo.before, run.context, { reactivateKeys: false })).ok;
}

function notHeld(run: Run, ask: ReleaseRequest): BeginAnswer {
  if (run.containment.status === 'released') return answer('done', 'it was released before', ask);
  const holds = run.containment.holds.join(', ') || 'nobody';
  return answer('refuse', `incident '${ask.incidentId}' does not hold this containment; ${holds} does`, ask);
}

async function letGo(run: Run, ask: ReleaseRequest, decision: 'hold-removed' | 'done'): Promise<BeginAnswer> {
  const { containment, table } = run;
  const others = containment.holds.filter((incidentId) => incidentId !== ask.incidentId);
  const text =
    others.length > 0
      ? `${ask.by} let go of '${run.runbook.facts.title}' on ${containment.target.id}; ${others.join(', ')} still hold(s) it`
      : `${ask.by} let go of '${run.runbook.facts.title}' on ${containment.target.id}; nothing had been changed`;
  const entry = containEntry(containment, 'hold-removed', text, ask.by, { reason: ask.reason, holds: others });
  for (const incidentId of [ask.incidentId, ...others]) {
    await appendOnce(table, incidentId, `${run.by}#hold-removed`, [entry]);
  }
  const after = await changeContainment(table, containment.id, (now) => {
    if (!now?.holds.includes(ask.incidentId)) return undefined;
    // Another incident let go at the same time: this is the last hold by now, and the last one releases.
    if (decision === 'hold-removed' && now.holds.length === 1) return undefined;
    // The next attempt began at the same time: it changes something, and somebody has to hold that.
    const movedOn = now.attempt !== containment.attempt || now.status !== containment.status;
    if (decision === 'done' && movedOn) return undefined;
    const holds = now.holds.filter((incidentId) => incidentId !== ask.incidentId);
    return {
      ...now,
      holds,
      incidentId: now.incidentId === ask.incidentId ? (holds[0] ?? now.incidentId) : now.incidentId,
    };
  });
  if (after?.holds.includes(ask.incidentId)) {
    return beginRelease({ ...run, containment: { ...after, incidentId: ask.incidentId } }, ask);
  }
  return answer(decision, text, ask);
}

async function waitOr(run: Run, ask: ReleaseRequest, because: string): Promise<BeginAnswer> {
  if (ask.waits < MAX_WAITS) return { ...answer('wait', because, ask), waits: ask.waits + 1 };
  return refuse(run, ask, `${because}; waited ${MAX_WAITS} times`);
}

async function refuse(run: Run, ask: ReleaseRequest, because: string): Promise<BeginAnswer> {
  await appendOnce(run.table, ask.incidentId, `${run.by}#release-refused`, [
    containEntry(run.containment, 'release-refused', `Release refused: ${because}`, ask.by, { reason: ask.reason }),
  ]);
  return answer('refuse', because, ask);
}

function answer(decision: BeginAnswer['decision'], reason: string, ask: ReleaseRequest, fence = 0): BeginAnswer {
  return { decision, reason, fence, waits: ask.waits };
}
