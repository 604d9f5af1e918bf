import { containmentId, executionName } from '../../../lib/model/ids';
import { CONTAINMENT_SCHEMA_VERSION, type Containment } from '../../../lib/model/containment';
import type { PlannedContainment } from '../../../lib/model/incident';
import { goesFurther, type Mode } from '../../../lib/model/plan';
import { getApproval } from '../store/approvals';
import { changeContainment, getContainment } from '../store/containments';
import type { Table } from '../store/table';
import { startExecution } from './start-execution';

const MAX_ATTEMPTS = 5;

/** What became of the hand-over, for the timeline. */
export interface ContainmentHandOver {
  readonly containmentId: string;
  readonly execution: string;
  /** `released-since`: whoever released it knew of what happened until then; it is left as it is. */
  readonly outcome: 'started' | 'held-by-another' | 'released-since';
}

/**
 * Hands a target to its runbook. The incident holds the containment first, by a conditional write, and then the
 * execution of its attempt is started under a name made from both: whoever comes second finds it, running or done.
 *
 * @throws Error where the runbook is not deployed.
 */
export async function handOverContainment(
  table: Table,
  ask: {
    readonly incidentId: string;
    readonly containment: PlannedContainment;
    readonly machines: Readonly<Record<string, string>>;
    readonly now: Date;
  },
): Promise<ContainmentHandOver> {
  const { runbook } = ask.containment.planned;
  const machine = ask.machines[runbook];
  if (machine === undefined) {
    throw new Error(
      `runbook '${runbook}' is not deployed; deployed are: ${Object.keys(ask.machines).join(', ') || 'none'}`,
    );
  }
  const id = containmentId(runbook, ask.containment.target);
  const mode: Mode = ask.containment.observeBecause === undefined ? ask.containment.planned.mode : 'observe';
  for (let tries = 0; tries < MAX_ATTEMPTS; tries++) {
    const known = await getContainment(table, id);
    const wish = { mode, eventAt: ask.containment.eventAt, ...(await askedPeople(table, known)) };
    if (known && isOlderThanRelease(known, wish)) {
      return { containmentId: id, execution: executionName(id, known.attempt), outcome: 'released-since' };
    }
    const held = await hold(table, id, { ...ask, ...wish, newAttempt: tries > 0 });
    if (isDone(held, wish)) {
      return { containmentId: id, execution: executionName(id, held.attempt), outcome: 'held-by-another' };
    }
    const name = executionName(id, held.attempt);
    const start = await startExecution(machine, name, { schemaVersion: 1, containmentId: id, attempt: held.attempt });
    if (start.kind === 'started' || start.status === 'RUNNING') {
      const joined = start.kind === 'exists' && held.incidentId !== ask.incidentId;
      return { containmentId: id, execution: name, outcome: joined ? 'held-by-another' : 'started' };
    }
    // The execution of this attempt has ended. If it reached its end, that is the answer; else the next attempt.
    const now = await getContainment(table, id);
    const then = { ...wish, ...(await askedPeople(table, now)) };
    if (now && now.attempt === held.attempt && isDone(now, then)) {
      return { containmentId: id, execution: name, outcome: 'held-by-another' };
    }
  }
  throw new Error(
    `${MAX_ATTEMPTS} executions in a row for containment '${id}' had ended at once; look at the newest one`,
  );
}

/** What became of the question to people on which a containment stands. */
async function askedPeople(
  table: Table,
  containment: Containment | undefined,
): Promise<Pick<Wish, 'waitingFor' | 'undecided'>> {
  const { status, approvalId } = containment ?? {};
  const isAsked = status === 'awaiting-approval' || status === 'not-approved';
  const word = isAsked && approvalId !== undefined ? (await getApproval(table, approvalId))?.status : undefined;
  return {
    waitingFor: word === 'waiting' ? approvalId : undefined,
    undecided: word === 'timed-out' ? approvalId : undefined,
  };
}

/** An alert that came late, about what happened before a person gave the target back. */
function isOlderThanRelease({ status, releaseBeganAt }: Containment, { mode, eventAt }: Wish): boolean {
  return status === 'released' && mode !== 'observe' && releaseBeganAt !== undefined && eventAt <= releaseBeganAt;
}

/** What this incident wants is so already, or is being made so: it only holds. */
export function isDone(containment: Containment, ask: Wish): boolean {
  switch (containment.status) {
    case 'containing':
    case 'verified':
      return true;
    case 'held':
      // What was read back before the event happened does not say that it failed: then it is read back anew.
      return ask.mode === 'observe' || ask.eventAt <= (containment.verifiedAt ?? '');
    case 'awaiting-approval':
      // A plan that needs no approval goes before one that waits for it.
      if (ask.mode === 'observe') return true;
      return containment.approvalId === ask.waitingFor && !goesFurther(ask.mode, containment.mode);
    case 'not-approved':
      if (ask.mode === 'observe') return true;
      // People knew of what had happened until they said no, whatever another plan says.
      if (ask.eventAt > (containment.declinedAt ?? '')) return false;
      // Where nobody said anything, a plan that asks nobody goes on.
      return ask.mode === 'approve' || ask.undecided === undefined || ask.undecided !== containment.approvalId;
    case 'planned':
    case 'refused':
    case 'failed':
    case 'release-failed':
      // A plan over what was changed and not proven would hide that something is to be taken back.
      return ask.mode === 'observe';
    case 'starting':
    case 'releasing':
    case 'released':
      return false;
  }
}

export interface Wish {
  readonly mode: Mode;
  readonly eventAt: string;
  /** Id of the approval that people have not decided yet. */
  readonly waitingFor: string | undefined;
  /** Id of the approval about which nobody said anything in time. */
  readonly undecided: string | undefined;
}

interface Hold extends Wish {
  readonly incidentId: string;
  readonly containment: PlannedContainment;
  readonly newAttempt: boolean;
  readonly now: Date;
}

/** Adds the incident to the holds; opens the next attempt, or generation, where the last one is over. */
async function hold(table: Table, id: string, ask: Hold): Promise<Containment> {
  const held = await changeContainment(table, id, (before) => {
    if (!before) return firstAttempt(id, ask);
    if (before.status === 'releasing') {
      throw new Error(`containment '${id}' is being released; it is handed over again when that has ended`);
    }
    const holds = [...new Set([...before.holds, ask.incidentId])];
    if (isDone(before, ask)) return holds.length === before.holds.length ? undefined : { ...before, holds };
    // What goes less far does not stand in the way: it stops where it sees the new attempt.
    const over = before.status !== 'starting' || ask.newAttempt || goesFurther(ask.mode, before.mode);
    return over ? nextAttempt(before, holds, ask) : { ...before, holds };
  });
  if (!held) throw new Error(`containment '${id}' could not be held`);
  return held;
}

function firstAttempt(id: string, ask: Hold): Containment {
  return {
    schemaVersion: CONTAINMENT_SCHEMA_VERSION,
    id,
    runbook: ask.containment.planned.runbook,
    target: ask.containment.target,
    mode: ask.mode,
    generation: 1,
    attempt: 1,
    status: 'starting',
    holds: [ask.incidentId],
    incidentId: ask.incidentId,
    startedAt: ask.now.toISOString(),
  };
}

/** What an attempt takes over from the one before. */
export function nextAttempt(
  before: Containment,
  holds: readonly string[],
  ask: Pick<Hold, 'mode' | 'incidentId' | 'now'>,
): Containment {
  // Undo records belong to a generation: once released, the state before is a new one. A plan writes none down, and may
  // have been made over what an earlier attempt changed.
  const released = before.status === 'released';
  return {
    ...before,
    mode: ask.mode,
    generation: before.generation + (released ? 1 : 0),
    attempt: before.attempt + 1,
    status: 'starting',
    reason: undefined,
    holds,
    incidentId: ask.incidentId,
    startedAt: ask.now.toISOString(),
    executionArn: undefined,
    verifiedAt: undefined,
    declinedAt: undefined,
    // What people said counts for the attempt that their word starts, and for no other.
    approvalId: ['awaiting-approval', 'starting'].includes(before.status) ? before.approvalId : undefined,
    beyondApproved: undefined,
    timesUndone: undefined,
    ...(released && { changedSince: undefined }),
  };
}
