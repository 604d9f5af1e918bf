import { setTimeout as sleep } from 'node:timers/promises';
import { isNamed } from '../aws-error';

/**
 * Many containments write to the timeline of one incident, and each write lets one of them win: twenty tries were too few
 * for twenty containments. A function with a shorter timeout is ended, and its machine tries again.
 */
const PATIENCE_MS = 25_000;
const LONGEST_PAUSE_MS = 1_500;

/** Somebody else wrote first; what was read is stale. */
export function isConflict(error: unknown): boolean {
  return isNamed(
    error,
    'ConditionalCheckFailedException',
    'TransactionCanceledException',
    'TransactionConflictException',
    'TransactionInProgressException',
  );
}

/**
 * Reads, decides and writes again after a lost race, with growing, jittered pauses, for 25 s.
 *
 * @throws the last error where every try lost until then, or any other error at once.
 */
export async function retryConflicts<T>(attempt: () => Promise<T>): Promise<T> {
  const until = Date.now() + PATIENCE_MS;
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isConflict(error) || Date.now() > until) throw error;
      await sleep(Math.random() * Math.min(20 * 2 ** tries, LONGEST_PAUSE_MS));
    }
  }
}
