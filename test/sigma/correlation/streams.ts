import fc from 'fast-check';
import type { Program } from '../../../lib/sigma';
import { correlation, named, programOf } from './documents';
import type { TestEvent } from './run';

const RULES = ['a', 'b', 'c'];

/** Events of three kinds and two users within two minutes: close enough that every window edge is met. */
export const anEvent: fc.Arbitrary<Omit<TestEvent, 'id'>> = fc.record({
  at: fc.integer({ min: 0, max: 120 }),
  record: fc.record(
    {
      kind: fc.constantFrom(...RULES),
      user: fc.constantFrom('u', 'v'),
      host: fc.constantFrom('h', 'i'),
      bytes: fc.integer({ min: 0, max: 5 }),
    },
    { requiredKeys: ['kind', 'bytes'] },
  ),
});

/** Some events again, all of them in any order: at least once, late, reordered. */
export const aStream: fc.Arbitrary<TestEvent[]> = fc
  .array(anEvent, { maxLength: 25 })
  .map((events) => events.map((event, index) => ({ ...event, id: `e${index}` })))
  .chain((events) =>
    fc
      .tuple(fc.subarray(events), fc.constant(events))
      .chain(([again, once]) => fc.shuffledSubarray([...once, ...again], { minLength: once.length + again.length })),
  );

const timespan = fc.integer({ min: 1, max: 60 }).map((seconds) => `${seconds}s`);
const groupBy = fc.constantFrom('[user]', '[user, host]', '[]');
const most = fc.constantFrom('gt', 'gte');

/** Conditions that more events can only make true: what holds does not depend on the order of arrival. */
export const aProgram: fc.Arbitrary<Program> = fc
  .oneof(
    fc.tuple(
      fc.constant('event_count'),
      fc.subarray(RULES, { minLength: 1 }),
      most,
      fc.integer({ min: 1, max: 6 }),
      fc.constant(''),
    ),
    fc.tuple(
      fc.constant('value_count'),
      fc.subarray(RULES, { minLength: 1 }),
      most,
      fc.integer({ min: 1, max: 4 }),
      fc.constant('bytes'),
    ),
    fc.tuple(
      fc.constant('value_sum'),
      fc.subarray(RULES, { minLength: 1 }),
      most,
      fc.integer({ min: 1, max: 20 }),
      fc.constant('bytes'),
    ),
    fc.tuple(
      fc.constantFrom('temporal', 'temporal_ordered'),
      fc.shuffledSubarray(RULES, { minLength: 2 }),
      fc.constant('gte'),
      fc.integer({ min: 1, max: 2 }),
      fc.constant(''),
    ),
  )
  .chain(([type, rules, op, value, field]) =>
    fc
      .tuple(
        timespan,
        groupBy,
        fc.boolean(),
        timespan,
        groupBy,
        fc.constantFrom('temporal_ordered', 'temporal', 'event_count'),
      )
      .map(([span, group, chained, upperSpan, upperGroup, upperType]) => {
        const condition = `{${op}: ${value}${field === '' ? '' : `, field: ${field}`}}`;
        const lower = correlation(
          `type: ${type}\nrules: [${rules.join(', ')}]\ngroup-by: ${group}\ntimespan: ${span}\ncondition: ${condition}`,
          'name: lower',
        );
        const upper = correlation(
          `type: ${upperType}\nrules: [lower, a]\ngroup-by: ${upperGroup}\ntimespan: ${upperSpan}\n${upperType === 'event_count' ? 'condition: {gte: 3}' : ''}`,
          'name: upper',
        ).replace('A correlation', 'Upper');
        return programOf(...RULES.map((name) => named(name)), lower, ...(chained ? [upper] : []));
      }),
  );
