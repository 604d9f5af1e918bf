import { setTimeout as sleep } from 'node:timers/promises';
import { errorName } from '../../shared/aws-error';
import type { Reading } from './action';

/** What passes by itself, beyond what the SDK tries again. Without the `Exception` that the SDK adds to some names. */
const PASSING = new Set([
  'ConcurrentModification',
  'DependencyTimeout',
  'EntityTemporarilyUnmodifiable',
  'IncorrectState',
  'InternalError',
  'InternalFailure',
  'InvalidGroup.NotFound',
  'KMSInternal',
  'RequestLimitExceeded',
  'ResourceConflict',
  'ResourceContention',
  'ResourceContentionFault',
  'ResourceInUse',
  'ScalingActivityInProgress',
  'ServiceFailure',
  'ServiceUnavailable',
  'SnapshotCreationPerVolumeRateExceeded',
  'Throttling',
  'TimeoutError',
  'Unavailable',
]);

interface Patience {
  /** Milliseconds in all. */
  readonly for?: number;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
const PERSIST_MS = 45_000;
const SETTLE_MS = 25_000;

/** Does it again while the error is one that passes by itself; 45 s by default. */
export async function persist<T>(work: () => Promise<T>, patience: Patience = {}): Promise<T> {
  const until = Date.now() + (patience.for ?? PERSIST_MS);
  for (let pause = FIRST_PAUSE_MS; ; pause = longer(pause)) {
    try {
      return await work();
    } catch (error) {
      if (!passes(error) || Date.now() + pause > until) throw error;
    }
    await sleep(pause);
  }
}

/**
 * Reads until it is so, because IAM and EC2 answer with yesterday's state for some seconds; 25 s by default. Gives the
 * last reading, whatever it says.
 */
export async function settle(read: () => Promise<Reading>, patience: Patience = {}): Promise<Reading> {
  const until = Date.now() + (patience.for ?? SETTLE_MS);
  for (let pause = FIRST_PAUSE_MS; ; pause = longer(pause)) {
    const reading = await persist(read, { for: Math.max(until - Date.now(), 0) });
    if (reading.ok || Date.now() + pause > until) return reading;
    await sleep(pause);
  }
}

function longer(pause: number): number {
  return Math.min(pause * 2, LONGEST_PAUSE_MS);
}

function passes(error: unknown): boolean {
  if (PASSING.has(errorName(error).replace(/Exception$/, ''))) return true;
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  return status !== undefined && status >= 500;
}
