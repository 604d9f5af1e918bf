import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DynamoDbCorrelationState } from '../../lambdas/detect/correlation-state/dynamodb';
import { timeToLive } from '../../lambdas/detect/correlation-state/item';
import { correlation, named, programOf } from '../sigma/correlation/documents';
import { oracle } from '../sigma/correlation/oracle';
import { keysOf, run, runTogether } from '../sigma/correlation/run';
import { aProgram, aStream } from '../sigma/correlation/streams';
import { FakeTable } from './fake-table';

const DAY = 86_400;

describe('correlations in a table', () => {
  test('raise what looking at everything at once would, in any order and however often', async () => {
    await fc.assert(
      fc.asyncProperty(aProgram, aStream, fc.integer({ min: 1, max: 5 }), async (program, stream, pageSize) => {
        const table = new FakeTable(undefined, pageSize);
        const state = new DynamoDbCorrelationState(table.client, 'table');
        expect(keysOf(await run(program, state, stream))).toEqual(oracle(program, stream));
      }),
      { numRuns: 100 },
    );
  });

  test('and so do several detectors at once, whoever is faster at each call', async () => {
    await fc.assert(
      fc.asyncProperty(
        aProgram,
        aStream,
        fc.array(fc.nat({ max: 4 }), { minLength: 20 }),
        async (program, stream, waits) => {
          let next = 0;
          const table = new FakeTable(async () => {
            for (let turns = waits[next++ % waits.length] ?? 0; turns > 0; turns--) await Promise.resolve();
          });
          // Each event comes once, to one of three: nobody looks again at what two of them wrote at one moment.
          const once = [...new Map(stream.map((event) => [event.id, event])).values()];
          const detectors = [0, 1, 2].map((number) =>
            run(
              program,
              new DynamoDbCorrelationState(table.client, 'table'),
              once.filter((_, index) => index % 3 === number),
            ),
          );
          expect(keysOf((await Promise.all(detectors)).flat())).toEqual(oracle(program, stream));
        },
      ),
      { numRuns: 100 },
    );
  });

  test('and so do deliveries of many events, of several detectors at once, whoever is faster at each call', async () => {
    await fc.assert(
      fc.asyncProperty(
        aProgram,
        aStream,
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.nat({ max: 4 }), { minLength: 20 }),
        async (program, stream, size, waits) => {
          let next = 0;
          const table = new FakeTable(async () => {
            for (let turns = waits[next++ % waits.length] ?? 0; turns > 0; turns--) await Promise.resolve();
          }, 3);
          const once = [...new Map(stream.map((event) => [event.id, event])).values()];
          const detectors = [0, 1].map((number) =>
            runTogether(
              program,
              new DynamoDbCorrelationState(table.client, 'table'),
              once.filter((_, index) => index % 2 === number),
              size,
            ),
          );
          expect(keysOf((await Promise.all(detectors)).flat())).toEqual(oracle(program, stream));
        },
      ),
      { numRuns: 150 },
    );
  });

  test('a delivery that fails at any call has told a part, and made again tells the rest and no other', async () => {
    await fc.assert(
      fc.asyncProperty(aProgram, aStream, fc.integer({ min: 1, max: 40 }), async (program, stream, dies) => {
        const table: FakeTable = new FakeTable(() =>
          table.calls === dies ? Promise.reject(new Error('x')) : Promise.resolve(),
        );
        const state = new DynamoDbCorrelationState(table.client, 'table');
        const once = [...new Map(stream.map((event) => [event.id, event])).values()];
        const whole = async () => keysOf(await runTogether(program, state, once, 100));
        expect(await whole().catch(whole)).toEqual(oracle(program, stream));
      }),
      { numRuns: 150 },
    );
  });

  test('past the bound of a group deliveries of many events raise more, never less', async () => {
    await fc.assert(
      fc.asyncProperty(aProgram, aStream, fc.integer({ min: 2, max: 30 }), async (program, stream, size) => {
        const table = new FakeTable();
        const state = new DynamoDbCorrelationState(table.client, 'table', { entriesPerGroup: 4, groups: 1_000 });
        const keys = new Set(keysOf(await runTogether(program, state, stream, size)));
        expect(oracle(program, stream).filter((key) => !keys.has(key))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test.each(['lt: 3', 'lte: 2', 'eq: 2', 'neq: 2', 'gte: 2, lt: 4'])(
    '%s is exact in a delivery of many events, whatever their order',
    async (condition) => {
      const program = programOf(
        named('a'),
        correlation(`type: event_count\nrules: [a]\ngroup-by: [user]\ntimespan: 20s\ncondition: {${condition}}`),
      );
      const times = fc.uniqueArray(fc.integer({ min: 0, max: 120 }), { maxLength: 20 });
      await fc.assert(
        fc.asyncProperty(times, async (all) => {
          const stream = all.map((at, i) => ({ id: `e${i}`, at, record: { kind: 'a', user: 'u' } }));
          const state = new DynamoDbCorrelationState(new FakeTable().client, 'table');
          expect(keysOf(await runTogether(program, state, stream, 100))).toEqual(oracle(program, stream));
        }),
      );
    },
  );

  test('groups that begin together are counted together, and exactly to the bound', async () => {
    const program = programOf(
      named('a'),
      correlation('type: event_count\nrules: [a]\ngroup-by: [user]\ntimespan: 1h\ncondition: {gte: 5}'),
    );
    const stream = Array.from({ length: 200 }, (_, i) => ({
      id: `e${i}`,
      at: 60,
      record: { kind: 'a', user: `u${i}` },
    }));
    const table = new FakeTable();
    const state = new DynamoDbCorrelationState(table.client, 'table', { entriesPerGroup: 10, groups: 150 });

    expect(keysOf(await runTogether(program, state, stream, 200))).toEqual([expect.stringMatching(/:groups:0$/)]);
    expect(table.items.size).toBe(151);
  });

  test('a detector that dies after any call loses nothing: the event is given again', async () => {
    const program = programOf(
      named('a'),
      correlation('type: event_count\nrules: [a]\ngroup-by: [user]\ntimespan: 1m\ncondition: {gte: 3}'),
    );
    const stream = [1, 2, 3].map((at) => ({ id: `e${at}`, at, record: { kind: 'a', user: 'u' } }));
    for (let dies = 1; dies <= 7; dies++) {
      const table = new FakeTable(async () => {
        if (table.calls === dies) throw new Error('killed');
        return Promise.resolve();
      });
      const found: string[] = [];
      for (const event of stream) {
        const once = async () =>
          keysOf(await run(program, new DynamoDbCorrelationState(table.client, 'table'), [event]));
        found.push(...(await once().catch(() => once().catch(once))));
      }
      expect(new Set(found)).toEqual(new Set(oracle(program, stream)));
    }
  });

  test('past the bound of a group it raises more, never less', async () => {
    await fc.assert(
      fc.asyncProperty(aProgram, aStream, async (program, stream) => {
        const table = new FakeTable();
        const state = new DynamoDbCorrelationState(table.client, 'table', { entriesPerGroup: 4, groups: 1_000 });
        const keys = new Set(keysOf(await run(program, state, stream)));
        expect(oracle(program, stream).filter((key) => !keys.has(key))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test('a group stops growing at its bound, and the alert says so', async () => {
    const program = programOf(
      named('a'),
      correlation('type: value_count\nrules: [a]\ngroup-by: [user]\ntimespan: 1h\ncondition: {field: bytes, gte: 900}'),
    );
    const stream = Array.from({ length: 50 }, (_, i) => ({
      id: `e${i}`,
      at: i,
      record: { kind: 'a', user: 'u', bytes: 1 },
    }));
    const table = new FakeTable();
    const state = new DynamoDbCorrelationState(table.client, 'table', { entriesPerGroup: 10, groups: 5 });
    const found = await run(program, state, stream);
    expect(found[0]).toMatchObject({ saturated: true });
    expect([...table.items.keys()].filter((key) => key.includes('GROUP#') && !key.includes('#~'))).toHaveLength(10);
    // Marks say where the rest was: eight a timespan, whatever comes.
    expect(table.items.size).toBeLessThanOrEqual(10 + 1 + 9);
  });

  test('invented group keys stop at their bound, and one alert says so', async () => {
    const program = programOf(
      named('a'),
      correlation('type: event_count\nrules: [a]\ngroup-by: [user]\ntimespan: 1h\ncondition: {gte: 5}'),
    );
    const stream = Array.from({ length: 200 }, (_, i) => ({
      id: `e${i}`,
      at: 60,
      record: { kind: 'a', user: `${'x'.repeat(5_000)}${i}` },
    }));
    const table = new FakeTable();
    const state = new DynamoDbCorrelationState(table.client, 'table', { entriesPerGroup: 10, groups: 20 });
    const found = await run(program, state, stream);
    expect(keysOf(found)).toEqual([expect.stringMatching(/:groups:0$/)]);
    expect(table.items.size).toBe(21);
    for (const item of table.items.values()) expect(JSON.stringify(item).length).toBeLessThan(400);
  });

  test('items go once no event that counts with them can come', () => {
    expect(timeToLive(1_000_000, 60_000, 2_000_000)).toBe(2_000 + 120 + DAY);
    // What claims to be from the next century is not kept until then.
    expect(timeToLive(4_000_000_000_000, 60_000, 2_000_000)).toBe(2_000 + DAY + 120 + DAY);
  });
});
