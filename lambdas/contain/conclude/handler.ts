import type { Containment } from '../../../lib/model/containment';
import { appendOnce } from '../../shared/store/append-once';
import { getContainment, readActions } from '../../shared/store/containments';
import { incidentTable, type Table } from '../../shared/store/table';
import { isJsonObject } from '../../../lib/model/json';
import { attemptMark, containEntry, times } from '../shared/containment-timeline';
import { failContainment } from '../shared/fail-containment';
import { changeOnceTold } from '../shared/once-told';
import { parseContainRequest, parseReleaseRequest, type ReleaseRequest } from '../shared/request';
import { whatFailed } from '../shared/what-failed';
import { containOwner, giveBackLock, releaseOwner } from '../shared/target-lock';
import { recordUndone } from './record-undone';

export interface ConcludeAnswer {
  /** `again`: what was undone is made again; `enough`: that was done as often as it is. */
  readonly outcome: 'recorded' | 'again' | 'enough' | 'stopped';
}

/**
 * Writes down how an execution ended, or that something was undone in its course. Operations: `held`, `undone`,
 * `no-evidence`, `not-held`, `failed`, `release-failed`.
 */
export async function handler(event: unknown): Promise<ConcludeAnswer> {
  const table = incidentTable();
  if (isJsonObject(event) && event['op'] === 'release-failed') return releaseFailed(table, event);
  const ask = parseContainRequest(event);
  const containment = await getContainment(table, ask.containmentId);
  if (!containment) throw new Error(`containment '${ask.containmentId}' does not exist`);
  if (containment.attempt !== ask.attempt) return { outcome: 'stopped' };
  const by = nameOf(ask.execution);
  switch (ask.op) {
    case 'held':
      await held(table, containment, by);
      break;
    case 'no-evidence':
      await noEvidence(table, containment, by);
      break;
    case 'undone':
      return { outcome: await recordUndone(table, containment, ask, by) };
    case 'not-held':
      await failContainment(table, containment, {
        kind: 'not-held',
        because: await whatFailed(table, containment),
        by,
      });
      break;
    case 'failed':
      await failContainment(table, containment, { kind: 'failed', because: await whatFailed(table, containment), by });
      break;
    default:
      throw new Error(`the conclude function knows no operation '${ask.op}'`);
  }
  return { outcome: 'recorded' };
}

/** What was collected lies in the vault; what was not, or has no manifest, must not be missed unnoticed. */
async function noEvidence(table: Table, containment: Containment, by: string): Promise<void> {
  const text = 'The evidence is not complete: collecting it ended with an error before the manifest was written';
  await appendOnce(table, containment.incidentId, attemptMark(containment, 'no-evidence'), [
    containEntry(containment, 'evidence-failed', text, by),
  ]);
}

async function releaseFailed(table: Table, event: unknown): Promise<ConcludeAnswer> {
  const ask = parseReleaseRequest(event);
  const containment = await getContainment(table, ask.containmentId);
  if (!containment || containment.status === 'released') return { outcome: 'stopped' };
  const begun = containment.status === 'releasing' || containment.status === 'release-failed';
  const isOthers = begun && containment.executionArn !== ask.execution;
  // Another release may be at work by now: it did not fail with this one.
  if (!begun || isOthers) {
    await refused(table, containment, ask, isOthers ? OTHERS : NEVER_BEGUN);
    return { outcome: 'recorded' };
  }
  const records = await readActions(table, containment.id, containment.generation);
  const failed = records.filter(({ status }) => status === 'release-failed').map(({ detail }) => detail);
  await failContainment(table, containment, {
    kind: 'release-failed',
    because: failed.length > 0 ? failed.join('; ') : 'the execution failed before it could read everything back',
    by: nameOf(ask.execution),
  });
  return { outcome: 'recorded' };
}

/** It failed before anything was given back: the target is as contained as before. */
const NEVER_BEGUN = 'it could not be begun, and nothing was given back';
/** Whether this one gave anything back before, its actions say in the timeline. */
const OTHERS = 'it ended with an error, and another release of it has begun meanwhile, whose word counts';

/** Whoever asked must know. */
async function refused(table: Table, containment: Containment, ask: ReleaseRequest, why: string): Promise<void> {
  const by = nameOf(ask.execution);
  const text = `Release refused: ${why}: '${containment.runbook}' on ${containment.target.kind} ${containment.target.id} is '${containment.status}'; ask for the release again`;
  await appendOnce(table, ask.incidentId, `${by}#release-refused`, [
    containEntry(containment, 'release-refused', text, ask.by, { reason: ask.reason }),
  ]);
  // Begun or not, it may have taken the lock.
  await giveBackLock(table, containment, releaseOwner(containment, ask.execution));
}

async function held(table: Table, containment: Containment, by: string): Promise<void> {
  const { timesUndone = 0 } = containment;
  const what = `'${containment.runbook}' on ${containment.target.kind} ${containment.target.id}`;
  const text =
    timesUndone === 0
      ? `Still contained when the watch ended: ${what}`
      : `Still contained when the watch ended, but it was undone ${times(timesUndone)} before: ${what}. Whoever undid it has power that this did not take away: find them`;
  const tell = async (incidentIds: readonly string[]): Promise<void> => {
    for (const incidentId of incidentIds) {
      await appendOnce(table, incidentId, attemptMark(containment, 'held'), [
        containEntry(containment, 'containment-held', text, by),
      ]);
    }
    // Before its end is written down: the next attempt, which may begin right then, takes the lock under the same name.
    await giveBackLock(table, containment, containOwner(containment));
  };
  await changeOnceTold(table, containment, tell, (now) =>
    now.attempt === containment.attempt && now.status === 'verified' ? { ...now, status: 'held' } : undefined,
  );
}

function nameOf(execution: string): string {
  return execution.split(':').at(-1) ?? execution;
}
