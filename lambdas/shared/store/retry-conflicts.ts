import { setTimeout as sleep } from 'node:timers/promises';
import { isNamed } from '../aws-error';

const ATTEMPTS = 20;

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
 * Reads, decides and writes again after a lost race, with growing, jittered pauses: 20 tries, about 10 s in all.
 *
 * @throws the last error where every try lost, or any other error at once.
 */
export async function retryConflicts<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isConflict(error) || tries >= ATTEMPTS) throw error;
      await sleep(Math.random() * Math.min(20 * 2 ** tries, 800));
    }
  }
}
