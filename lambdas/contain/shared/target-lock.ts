import type { Containment } from '../../../lib/model/containment';
import { instanceArn } from '../../../lib/model/guard-rails';
import type { Target } from '../../../lib/model/plan';
import { errorText } from '../../shared/aws-error';
import { persist } from '../runbook-host/patience';
import { releaseLock, type LockOwner } from '../../shared/store/locks';
import type { Table } from '../../shared/store/table';

/** Longer than any machine runs: an execution that still works never loses its lock to time. */
export const LOCK_SECONDS = 4 * 60 * 60 + 600;

/** How long it is tried to give a lock back where DynamoDB is busy. */
const GIVE_BACK_MS = 10_000;

/** One lock for a target, whichever runbook wants it. */
export function lockResource(target: Target): string {
  // A user's path is not part of its identity, and findings leave it out.
  const id =
    target.kind === 'instance'
      ? instanceArn(target).replace(/^arn:[^:]+:/, '')
      : (target.id.split('/').at(-1) ?? target.id);
  return `${target.kind}|${target.account}|${id}`;
}

/** The next attempt takes the lock over from a crashed one, with a higher fence. */
export function containOwner({ id, attempt }: Pick<Containment, 'id' | 'attempt'>): LockOwner {
  return { owner: `contain:${id}`, run: attempt };
}

/** Two releases that were asked for at once must not go on with each other's half: one waits until the other has ended. */
export function releaseOwner({ id }: Pick<Containment, 'id'>, execution: string): LockOwner {
  return { owner: `release:${id}`, run: execution };
}

/**
 * The last thing of an execution, when its end is written down. That stays true where the lock cannot be given back:
 * it lapses by itself, and whoever wants the target before then is refused and told why.
 */
export async function giveBackLock(table: Table, { target, id }: Containment, owner: LockOwner): Promise<void> {
  const resource = lockResource(target);
  try {
    await persist(() => releaseLock(table, resource, owner), { for: GIVE_BACK_MS });
  } catch (error) {
    console.error({
      message: `the lock could not be given back; it lapses within ${LOCK_SECONDS} seconds`,
      containmentId: id,
      resource,
      reason: errorText(error),
    });
  }
}
