import { afterAll, beforeAll } from '@jest/globals';
import timers from 'node:timers/promises';

/** What a wait really takes: the emulator does some things a moment later. */
const REAL_MS = 3;

/**
 * Waits of the code in this process take no time, and what they wait for until a time ends at that time: CloudTrail answers two
 * look-ups a second on AWS, and what was changed may read as before for half a minute. Not for tests that wait themselves.
 */
export function quickPatience(): void {
  const [wait, now] = [timers.setTimeout, Date.now];
  let ahead = 0;
  beforeAll(() => {
    Date.now = () => now() + ahead;
    timers.setTimeout = async (ms = 0, ...more) => {
      const end = Date.now() + ms;
      const value = await wait(Math.min(ms, REAL_MS), ...more);
      // To the end of this wait, never past it: two who wait at the same time do not wait twice.
      ahead = Math.max(ahead, end - now());
      return value;
    };
  });
  afterAll(() => {
    timers.setTimeout = wait;
    Date.now = now;
  });
}
