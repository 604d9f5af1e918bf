import type { ActionRecord, ActionStatus, Containment } from '../../../lib/model/containment';
import { RUNBOOKS } from '../../../runbooks';
import { isToBeStarted } from '../../shared/hand-over/begin-hand-overs';
import { handOverAgain } from '../../shared/hand-over/leave-to-others';
import { openHolders } from '../../shared/hand-over/open-holders';
import { appendOnce } from '../../shared/store/append-once';
import { readActions } from '../../shared/store/containments';
import type { Table } from '../../shared/store/table';
import { attemptMark, boundedLines, containEntry, times } from './containment-timeline';
import { escalateOnce } from './escalate-once';
import { changeOnceTold } from './once-told';
import { containOwner, giveBackLock, releaseOwner } from './target-lock';

export interface Failure {
  readonly kind: 'failed' | 'not-held' | 'release-failed';
  readonly because: string;
  readonly by: string;
}

const WORDS = {
  failed: 'containment-failed',
  'not-held': 'containment-not-held',
  'release-failed': 'release-failed',
} as const;

/**
 * Ends a containment that is not proven: what was and was not done goes onto the timeline of everybody who holds it,
 * the lock is given back, and people are paged. Safe to call again: nothing is said or paged twice.
 */
export async function failContainment(table: Table, containment: Containment, failure: Failure): Promise<void> {
  const { done, missing, unread } = await takeStock(table, containment, failure.kind);
  const what = `'${containment.runbook}' on ${containment.target.kind} ${containment.target.id}`;
  const said = sentence(failure.kind, what, containment.timesUndone);
  const text = `${said}: ${failure.because}. Done: ${list(done)}. Not done: ${list(missing)}${unread.length > 0 ? `. Could not be read back: ${list(unread)}` : ''}`;
  const entry = containEntry(containment, WORDS[failure.kind], text, failure.by, {
    reason: failure.because,
    done: boundedLines(done),
    missing: boundedLines(missing).slice(0, 12),
    ...(unread.length > 0 && { unread: boundedLines(unread).slice(0, 12) }),
  });
  // A release can be tried again in the same attempt: each execution has its own word.
  const mark = attemptMark(containment, `${failure.kind}#${containment.executionArn ?? ''}`);
  const isRelease = failure.kind === 'release-failed';
  const owner = isRelease ? releaseOwner(containment, containment.executionArn ?? '') : containOwner(containment);
  const tell = async (incidentIds: readonly string[]): Promise<void> => {
    for (const incidentId of incidentIds) await appendOnce(table, incidentId, mark, [entry]);
    const news = { news: failure.kind, reason: `${said}: ${failure.because}`, by: failure.by };
    await escalateOnce(table, containment, incidentIds, news);
    // Before its end is written down: the next attempt, which may begin right then, takes the lock under the same name.
    await giveBackLock(table, containment, owner);
  };
  // Last: until then the auditor finds it at work without an execution, and does this again.
  const status = isRelease ? 'release-failed' : 'failed';
  const after = await changeOnceTold(table, containment, tell, (now) =>
    now.attempt === containment.attempt &&
    isOpen(now, failure.kind) &&
    (!isRelease || now.executionArn === containment.executionArn)
      ? { ...now, status, reason: text }
      : undefined,
  );
  if (after?.attempt === containment.attempt && after.status === 'failed') await askAnew(table, after);
}

/** What would have reached further than people approved is handed over again, now that its attempt is over: the next one asks. */
async function askAnew(table: Table, { id, holds, beyondApproved }: Containment): Promise<void> {
  if (beyondApproved === undefined) return;
  for (const { incident } of await openHolders(table, { id, holds })) {
    const handOver = incident.handOvers[`containment#${id}`];
    if (handOver && isToBeStarted(handOver)) continue;
    await handOverAgain(table, incident.id, { containmentId: id, why: beyondApproved, now: new Date() });
  }
}

function isOpen(containment: Containment, kind: Failure['kind']): boolean {
  return kind === 'release-failed'
    ? containment.status === 'releasing'
    : ['starting', 'containing', 'verified'].includes(containment.status);
}

function sentence(kind: Failure['kind'], what: string, timesUndone = 0): string {
  const undone = timesUndone > 0 ? `, and was undone ${times(timesUndone)}` : '';
  switch (kind) {
    case 'failed':
      return `Containment failed: ${what} is not proven contained${undone}`;
    case 'not-held':
      return `Containment did not hold: ${what} is not proven contained${undone}`;
    case 'release-failed':
      return `Release failed: ${what} is not proven to be as it was before`;
  }
}

/** Which actions were and were not done (of a release: undone), in the runbook's order and words. */
async function takeStock(table: Table, containment: Containment, kind: Failure['kind']) {
  const records = await readActions(table, containment.id, containment.generation);
  const facts = RUNBOOKS.find(({ id }) => id === containment.runbook)?.actions ?? [];
  const rows = facts.map(({ id, title }) => ({ title, record: records.find(({ action }) => action === id) }));
  const ends: readonly ActionStatus[] = kind === 'release-failed' ? ['released', 'task'] : ['applied'];
  const isDone = (record: ActionRecord | undefined) => record !== undefined && ends.includes(record.status);
  // Made by an earlier attempt, and not looked at in this one.
  const isOld = (record: ActionRecord | undefined) =>
    record?.status === 'applied' && kind !== 'release-failed' && record.at < containment.startedAt;
  const open = rows.filter(({ record }) => !isDone(record) || isOld(record));
  const line = ({ title, record }: (typeof rows)[number]) => `${title} (${why(record, kind)})`;
  return {
    done: rows.filter(({ record }) => isDone(record) && !isOld(record)).map(({ title }) => title),
    missing: open.filter(({ record }) => record?.unread !== true && !isOld(record)).map(line),
    /** Neither is known of these. */
    unread: open.filter(({ record }) => record?.unread === true || isOld(record)).map(line),
  };
}

function why(record: ActionRecord | undefined, kind: Failure['kind']): string {
  if (!record) return kind === 'release-failed' ? 'it was never made: there is nothing to undo' : 'never begun';
  if (record.status === 'applied')
    return kind === 'release-failed' ? 'still in place' : `this attempt did not come to it; before: ${record.detail}`;
  return record.detail;
}

function list(items: readonly string[]): string {
  return items.length === 0 ? 'nothing' : items.join('; ');
}
