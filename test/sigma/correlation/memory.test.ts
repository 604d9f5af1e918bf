import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MemoryCorrelationState } from '../../../lib/sigma';
import { correlation, named, programOf } from './documents';
import { oracle } from './oracle';
import { events, keysOf, run, type TestEvent } from './run';
import { anEvent, aProgram, aStream } from './streams';

describe('correlations in memory', () => {
  test('raise what looking at everything at once would, in any order and however often', async () => {
    await fc.assert(
      fc.asyncProperty(aProgram, aStream, async (program, stream) => {
        expect(keysOf(await run(program, new MemoryCorrelationState(), stream))).toEqual(oracle(program, stream));
      }),
      { numRuns: 200 },
    );
  });

  test.each(['lt: 3', 'lte: 2', 'eq: 2', 'neq: 2', 'gte: 2, lt: 4', 'gt: 1, lte: 2'])(
    '%s is exact where events come in their order',
    async (condition) => {
      const program = programOf(
        ...['a', 'b', 'c'].map((name) => named(name)),
        correlation(`type: event_count\nrules: [a, b]\ngroup-by: [user]\ntimespan: 20s\ncondition: {${condition}}`),
      );
      // Times of their own: in one second, which is first is not known.
      const stream = fc
        .uniqueArray(anEvent, { maxLength: 20, selector: ({ at }) => at })
        .map((all) => all.sort((x, y) => x.at - y.at).map((event, i): TestEvent => ({ ...event, id: `e${i}` })));
      await fc.assert(
        fc.asyncProperty(stream, async (ordered) => {
          expect(keysOf(await run(program, new MemoryCorrelationState(), ordered))).toEqual(oracle(program, ordered));
        }),
      );
    },
  );

  test.each([
    ['value_avg', 'field: bytes, gt: 2'],
    ['value_percentile', 'field: bytes, percentile: 90, gte: 4'],
    ['value_percentile', 'field: bytes, lte: 30'],
  ])('%s {%s} is exact where events come in their order', async (type, condition) => {
    const program = programOf(
      ...['a', 'b', 'c'].map((name) => named(name)),
      correlation(`type: ${type}\nrules: [a, b]\ngroup-by: [user]\ntimespan: 20s\ncondition: {${condition}}`),
    );
    const stream = fc
      .uniqueArray(anEvent, { maxLength: 20, selector: ({ at }) => at })
      .map((all) => all.sort((x, y) => x.at - y.at).map((event, i): TestEvent => ({ ...event, id: `e${i}` })));
    await fc.assert(
      fc.asyncProperty(stream, async (ordered) => {
        expect(keysOf(await run(program, new MemoryCorrelationState(), ordered))).toEqual(oracle(program, ordered));
      }),
    );
  });

  test('past the bound of a group they raise more, never less', async () => {
    await fc.assert(
      fc.asyncProperty(aProgram, aStream, async (program, stream) => {
        const keys = new Set(
          keysOf(await run(program, new MemoryCorrelationState({ entriesPerGroup: 4, groups: 1_000 }), stream)),
        );
        expect(oracle(program, stream).filter((key) => !keys.has(key))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test('a million invented group keys take bounded memory and one alert', async () => {
    const program = programOf(
      named('a'),
      correlation('type: event_count\nrules: [a]\ngroup-by: [user]\ntimespan: 1h\ncondition: {gte: 5}'),
    );
    const stream = Array.from({ length: 20_000 }, (_, i) => ({
      id: `e${i}`,
      at: 60,
      record: { kind: 'a', user: `u${i}` },
    }));
    const found = await run(program, new MemoryCorrelationState({ entriesPerGroup: 10, groups: 100 }), stream);
    expect(keysOf(found)).toEqual([expect.stringMatching(/:groups:0$/)]);
    expect(found[0]).toMatchObject({ saturated: true, because: [{ path: 'user' }, { op: 'saturated' }] });
  });

  test('a match says who, how many and which events', async () => {
    const program = programOf(
      named('a'),
      correlation('type: event_count\nrules: [a]\ngroup-by: [user]\ntimespan: 10m\ncondition: {gte: 3}'),
    );
    const [found, ...more] = await run(program, new MemoryCorrelationState(), events('a@0 a@5 a@10'));
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      events: ['e0', 'e1', 'e2'],
      saturated: false,
      because: [
        { path: 'user', op: 'group-by', value: 'u', actual: 'u' },
        { path: '(event_count in 10m)', op: 'gte', value: '3', actual: '3' },
      ],
    });
  });
});
