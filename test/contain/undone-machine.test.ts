import { describe, expect, test } from '@jest/globals';
import { MAX_TIMES_MADE_AGAIN } from '../../lib/model/containment';
import { containMachine } from '../../lib/contain/machines/contain-machine';
import { RUNBOOKS } from '../../runbooks';
import { runMachine } from './machine-runner';

const NAMES = {
  guardRails: 'guard',
  conclude: 'conclude',
  evidence: 'evidence',
  contain: 'contain',
  release: 'release',
};
const INPUT = { schemaVersion: 1, containmentId: 'con-x', attempt: 1 };

interface Payload {
  readonly op: string;
  readonly timesUndone?: number;
}

/** The functions as the machine sees them; `undoneAt` says at which readings, from 1, something is gone. */
function functions(undoneAt: (reading: number) => boolean) {
  let readings = 0;
  let timesUndone = 0;
  const counted: number[] = [];
  return {
    counted,
    handlers: {
      guard: () => Promise.resolve({ decision: 'contain', fence: 1, waits: 0, refusal: '' }),
      evidence: () => Promise.resolve({ outcome: 'collected' }),
      contain: (payload: unknown) => {
        const { op } = payload as Payload;
        if (op === 'contain') return Promise.resolve({ outcome: 'applied', timesUndone });
        return Promise.resolve({ outcome: undoneAt(++readings) ? 'undone' : 'contained', timesUndone });
      },
      conclude: (payload: unknown) => {
        const { op, timesUndone: seen = -1 } = payload as Payload;
        if (op !== 'undone') return Promise.resolve({ outcome: 'recorded' });
        counted.push(seen);
        timesUndone++;
        return Promise.resolve({ outcome: timesUndone > MAX_TIMES_MADE_AGAIN ? 'enough' : 'again' });
      },
    },
  };
}

describe.each(RUNBOOKS)('what is undone of $id', (facts) => {
  const machine = containMachine(facts, NAMES);
  const [firstAction] = facts.actions.map(({ title }) => title);
  const run = (undoneAt: (reading: number) => boolean) => {
    const { handlers, counted } = functions(undoneAt);
    return runMachine(machine, handlers, INPUT, { execution: 'e' }).then((ran) => ({ ...ran, counted }));
  };

  test.each([
    ['before it was read back for the first time', 1],
    ['after 5 seconds', 2],
    ['after 60 seconds', 4],
  ])('%s is made again and watched from the beginning', async (_, reading) => {
    const { end, states, counted } = await run((n) => n === reading);

    expect(end).toBe('succeeded');
    expect(states.filter((state) => state === firstAction)).toHaveLength(2);
    expect(states.slice(states.lastIndexOf('Read everything back')).filter((s) => s.startsWith('Look'))).toHaveLength(
      3,
    );
    expect(counted).toEqual([0]);
  });

  test(`whenever it is read is made again ${MAX_TIMES_MADE_AGAIN} times, and then it is not contained`, async () => {
    const { end, states, counted } = await run(() => true);

    expect(end).toBe('failed');
    expect(states.filter((state) => state === firstAction)).toHaveLength(1 + MAX_TIMES_MADE_AGAIN);
    // Evidence that was to follow the containment is taken where there is none, too.
    const last = facts.evidence === 'after' ? ['Collect evidence of what failed'] : [];
    expect(states.slice(-2 - last.length, -1)).toEqual(['Record that it did not hold', ...last]);
    expect(counted).toEqual([0, 1, 2, 3]);
  });
});
