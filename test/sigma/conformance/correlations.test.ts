import { describe, expect, test } from '@jest/globals';
import { MemoryCorrelationState } from '../../../lib/sigma';
import { compileDocuments, correlation, named, problemsOf, programOf } from '../correlation/documents';
import { events, run } from '../correlation/run';

const RULES = ['a', 'b', 'c'].map((name) => named(name));
const count = async (section: string, line: string, record?: Parameters<typeof events>[1]): Promise<number> =>
  (await run(programOf(...RULES, correlation(section)), new MemoryCorrelationState(), events(line, record))).length;
const EVENT_COUNT = 'type: event_count\nrules: [a]\ngroup-by: [user]\ntimespan: 10s\ncondition: ';

describe('Sigma Correlation Rules Specification: types', () => {
  test.each([
    ['{gt: 2}', 'a@1 a@2', 0],
    ['{gt: 2}', 'a@1 a@2 a@3', 1],
    ['{gte: 2}', 'a@1 a@2', 1],
    ['{lt: 2}', 'a@1', 1],
    ['{lte: 1}', 'a@1', 1],
    ['{eq: 2}', 'a@1 a@2', 1],
    ['{neq: 1}', 'a@1', 0],
    // "101 to 200" is two keys
    ['{gt: 1, lte: 3}', 'a@1 a@1 a@1 a@1', 2],
  ])('event_count %s on %s: %d', async (condition, line, matches) => {
    expect(await count(`${EVENT_COUNT}${condition}`, line)).toBe(matches);
  });

  test('events count for each group separately', async () => {
    expect(await count(`${EVENT_COUNT}{gte: 2}`, 'a@1 a@2', (index) => ({ user: `u${index}` }))).toBe(0);
  });

  test('several group-by fields are linked by AND', async () => {
    const section = `${EVENT_COUNT}{gte: 2}`.replace('[user]', '[user, domain]');
    expect(await count(section, 'a@1 a@2', (index) => ({ domain: `d${index}` }))).toBe(0);
    expect(await count(section, 'a@1 a@2', () => ({ domain: 'd' }))).toBe(1);
  });

  test('the time frame has no fixed boundaries, and its end belongs to it', async () => {
    expect(await count(`${EVENT_COUNT}{gte: 2}`, 'a@9 a@11')).toBe(1);
    expect(await count(`${EVENT_COUNT}{gte: 2}`, 'a@1 a@11')).toBe(1);
    expect(await count(`${EVENT_COUNT}{gte: 2}`, 'a@1 a@12')).toBe(0);
  });

  test('several rules count together', async () => {
    expect(await count(`${EVENT_COUNT}{gte: 2}`.replace('[a]', '[a, b]'), 'a@1 b@2')).toBe(1);
  });

  test('value_count counts the different values of a field', async () => {
    const section = 'type: value_count\nrules: [a]\ngroup-by: [user]\ntimespan: 10s\ncondition: {field: host, gte: 3}';
    expect(await count(section, 'a@1 a@2 a@3', (index) => ({ host: `h${index}` }))).toBe(1);
    expect(await count(section, 'a@1 a@2 a@3', () => ({ host: 'h' }))).toBe(0);
    expect(await count(section, 'a@1 a@2 a@3')).toBe(0);
  });

  test('value_count of several fields counts their combinations', async () => {
    const section =
      'type: value_count\nrules: [a]\ngroup-by: [user]\ntimespan: 10s\ncondition: {field: [host, port], gte: 2}';
    expect(await count(section, 'a@1 a@2', (index) => ({ host: 'h', port: index }))).toBe(1);
  });

  test.each([
    ['a@1 b@2', 1],
    ['b@1 a@2', 1],
    ['a@1 a@2', 0],
    ['a@1 b@12', 0],
  ])('temporal is all rules in any order: %s', async (line, matches) => {
    expect(await count('type: temporal\nrules: [a, b]\ngroup-by: [user]\ntimespan: 10s', line)).toBe(matches);
  });

  test('temporal with a condition counts the different rules', async () => {
    expect(
      await count('type: temporal\nrules: [a, b, c]\ngroup-by: [user]\ntimespan: 10s\ncondition: {gte: 2}', 'a@1 c@2'),
    ).toBe(1);
  });

  test.each([
    ['a@1 b@2', 1],
    ['b@1 a@2', 0],
    ['b@1 a@2 b@3', 1],
    // Late, and still in its place.
    ['b@2 a@1', 1],
    // The same second: which was first, nobody can say.
    ['b@1 a@1', 1],
  ])('temporal_ordered is all rules in the order of writing: %s', async (line, matches) => {
    expect(await count('type: temporal_ordered\nrules: [a, b]\ngroup-by: [user]\ntimespan: 10s', line)).toBe(matches);
  });

  test.each([
    ['value_sum', '{field: bytes, gt: 5}', 1],
    ['value_sum', '{field: bytes, gt: 6}', 0],
    ['value_avg', '{field: bytes, gt: 1.9}', 1],
    ['value_avg', '{field: bytes, gt: 2.9}', 0],
    ['value_percentile', '{field: bytes, percentile: 50, eq: 2}', 1],
    ['value_percentile', '{field: bytes, lt: 34}', 1],
  ])('%s %s', async (type, condition, atLeast) => {
    const found = await count(
      `type: ${type}\nrules: [a]\ngroup-by: [user]\ntimespan: 10s\ncondition: ${condition}`,
      'a@1 a@2 a@3',
      (index) => ({ bytes: index + 1 }),
    );
    expect(Math.min(found, 1)).toBe(atLeast);
  });
});

describe('Sigma Correlation Rules Specification: aliases, chains, generate', () => {
  test('an alias is called differently in the events of each rule', async () => {
    const section =
      'type: temporal\nrules: [a, b]\ngroup-by: [internal_ip]\ntimespan: 10s\naliases:\n  internal_ip:\n    a: destination\n    b: source';
    const ends = [
      { destination: 'x', source: 'y' },
      { source: 'x', destination: 'z' },
    ];
    expect(await count(section, 'a@1 b@2', (index) => ends[index] ?? {})).toBe(1);
    expect(await count(section, 'a@1 b@2', () => ({ destination: 'x', source: 'y' }))).toBe(0);
  });

  test('correlations of correlations, each with its own group-by: failed logins and then a success', async () => {
    const program = programOf(
      correlation('type: temporal_ordered\nrules: [many_failed, b]\ngroup-by: [user]\ntimespan: 10m', 'level: high'),
      correlation(
        'type: event_count\nrules: [a]\ngroup-by: [user, host]\ntimespan: 10m\ncondition: {gte: 3}',
        'name: many_failed',
      ),
      ...RULES,
    );
    const host = () => ({ host: 'h' });
    const raised = async (line: string) =>
      (await run(program, new MemoryCorrelationState(), events(line, host))).map(({ rule }) => rule.level);
    expect(await raised('a@1 a@2 a@3 b@4')).toEqual(['high']);
    expect(await raised('b@1 a@2 a@3 a@4')).toEqual([]);
    expect(await raised('a@1 a@2 b@3')).toEqual([]);
  });

  test('rules can be referred to by id, whatever its case, or by name', () => {
    const id = '0D0D0D0D-0000-4000-8000-00000000000A';
    const program = programOf(
      named('a', `id: ${id.toLowerCase()}`),
      correlation(`type: event_count\nrules: [${id}]\ngroup-by: []\ntimespan: 1m\ncondition: {gte: 1}`),
    );
    expect(program.correlations?.[0]?.rules).toEqual([id.toLowerCase()]);
  });

  test.each([
    ['', true],
    ['generate: false', true],
    ['generate: true', undefined],
  ])('rules below are silent unless generated: %j', (generate, silent) => {
    const program = programOf(...RULES, correlation(`${EVENT_COUNT}{gte: 2}`, generate));
    expect(program.rules.map((rule) => [rule.name, rule.silent])).toEqual([
      ['a', silent],
      ['b', undefined],
      ['c', undefined],
    ]);
  });

  test.each([
    ['90m', 5_400_000],
    ['5s', 5_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
  ])('timespan %s', (timespan, span) => {
    expect(
      programOf(...RULES, correlation(`${EVENT_COUNT}{gte: 2}`.replace('10s', timespan))).correlations?.[0]?.timespan,
    ).toBe(span);
  });
});

describe('mistakes in correlations are told with their place', () => {
  const told = (section: string): string[] =>
    problemsOf(...RULES, correlation(section)).map((problem) => problem.replace(/^a\.yml:\d+:\d+: /, ''));
  test.each([
    [
      'an unknown type',
      EVENT_COUNT.replace('event_count', 'event_cuont') + '{gte: 1}',
      "'type' must be one of event_count, value_count, temporal, temporal_ordered, value_sum, value_avg, value_percentile, got 'event_cuont'; did you mean 'event_count'?",
    ],
    [
      'an unknown rule',
      `${EVENT_COUNT.replace('[a]', '[aa]')}{gte: 1}`,
      "no rule has the id or name 'aa'; give it with the other rule files",
    ],
    [
      'a bad timespan',
      `${EVENT_COUNT.replace('10s', '10M')}{gte: 1}`,
      "'timespan' is a number and one of s, m, h, d in lower case, as in 90m, got '10M'",
    ],
    [
      'a bound beyond what is kept',
      `${EVENT_COUNT}{gte: 5000}`,
      "a group is counted to 1000 and no further, got 'gte: 5000'; take a smaller number and a shorter 'timespan'",
    ],
    ['a range that is none', `${EVENT_COUNT}{gt: 5, lt: 3}`, 'no number is gt 5 and lt 3'],
    ['half an event', `${EVENT_COUNT}{gte: 1.5}`, "'gte' needs a whole number that is not negative, got 1.5"],
    [
      'a condition of rules',
      `${EVENT_COUNT}a and b`,
      "'condition' of a correlation is a map, as in {gte: 10}; the expressions of rules are not for it",
    ],
    [
      'no field',
      'type: value_count\nrules: [a]\ngroup-by: [user]\ntimespan: 1m\ncondition: {gte: 3}',
      "'field' is missing in 'condition': a value_count correlation looks at the values of a field",
    ],
    [
      'no group-by',
      'type: temporal\nrules: [a, b]\ntimespan: 1m',
      "'group-by' is missing: the fields that belong together; [] looks at all events as one group",
    ],
    [
      'temporal of one',
      'type: temporal\nrules: [a]\ngroup-by: [user]\ntimespan: 1m',
      'a temporal correlation is about several rules, got one; for one rule take event_count',
    ],
    [
      'an alias for another rule',
      'type: temporal\nrules: [a, b]\ngroup-by: [ip]\ntimespan: 1m\naliases:\n  ip:\n    a: x\n    b: y\n    c: z',
      "alias 'ip' names 'c', which is not in 'rules'",
    ],
    [
      'an alias with a hole',
      'type: temporal\nrules: [a, b]\ngroup-by: [ip]\ntimespan: 1m\naliases:\n  ip:\n    a: x',
      "alias 'ip' has no field for the rule 'b'",
    ],
    [
      'a slip',
      `${EVENT_COUNT}{gte: 1}`.replace('timespan', 'timespann'),
      "unknown key 'timespann' in 'correlation'; did you mean 'timespan'?",
    ],
  ])('%s', (_, section, message) => {
    expect(told(section)).toContain(message);
  });

  test('a circle', () => {
    const one = correlation(`${EVENT_COUNT}{gte: 1}`.replace('[a]', '[two]'), 'name: one');
    const two = correlation(`${EVENT_COUNT}{gte: 1}`.replace('[a]', '[one]'), 'name: two');
    expect(problemsOf(one, two)).toContainEqual(expect.stringContaining('the correlation refers to itself'));
  });

  test('a rule with mistakes is told once, not again by what refers to it', () => {
    const broken = named('a').replace('condition: s', 'condition: t');
    expect(problemsOf(broken, correlation(`${EVENT_COUNT}{gte: 2}`))).toEqual([
      expect.stringContaining("unknown search identifier 't'"),
    ]);
  });

  test('a correlation has no detection of its own', () => {
    expect(problemsOf(`${named('a')}correlation:\n  type: temporal\n`)).toEqual(
      expect.arrayContaining([expect.stringContaining("a correlation has no 'detection'")]),
    );
  });

  test('compiling the same gives the same', () => {
    const documents = [...RULES, correlation(`${EVENT_COUNT}{gte: 2}`)];
    expect(compileDocuments(...documents).program).toEqual(compileDocuments(...documents).program);
  });
});
