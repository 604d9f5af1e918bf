import { afterAll, beforeAll } from '@jest/globals';
import timers from 'node:timers/promises';
import { PAUSE_MS } from '../../lambdas/contain/shared/look-up-trail';

/** CloudTrail answers two look-ups a second, and Firebreak pauses between them; the embedded one answers any number. */
export function quickTrail(): void {
  const real = timers.setTimeout;
  beforeAll(() => {
    timers.setTimeout = (ms, ...more) => real(ms === PAUSE_MS ? 0 : ms, ...more);
  });
  afterAll(() => {
    timers.setTimeout = real;
  });
}
