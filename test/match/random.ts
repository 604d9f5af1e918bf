import fc from 'fast-check';
import type { Json, JsonObject } from '../../lib/model/json';
import {
  compileRules,
  formatProblem,
  PROGRAM_VERSION,
  type CompiledRule,
  type Condition,
  type Program,
} from '../../lib/sigma';
import { ruleText } from '../sigma/one-rule';

/** Few names and few texts, so that random rules often match random events. */
const KEYS = ['eventName', 'eventSource', 'type', 'a', 'b', 'constructor', 'a.b', 'user"Name', '__proto__'];
const PATHS = [...KEYS, 'userIdentity.type', 'a.eventName', 'a.b.type', 'b.a'];
const TEXTS = [
  'CreateUser',
  'createuser',
  'CREATEUSER',
  'Create',
  'User',
  'Root',
  'a/b',
  'é',
  'É',
  '\u212Ain',
  'kin',
  '"',
  '\\',
  '',
  'true',
  '1',
  '1.0',
  '10.0.0.1',
  'eventName":"CreateUser',
  '\n',
  '💥',
  '{',
];

const text = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 1, arbitrary: fc.string({ maxLength: 5 }) },
);
const scalar: fc.Arbitrary<string | number | boolean | null> = fc.oneof(
  { weight: 6, arbitrary: text },
  { weight: 1, arbitrary: fc.constantFrom(1, 0, 10, 1.5, true, false, null) },
);
const escaped = (value: string): string => value.replace(/[\\*?]/g, '\\$&');

/** What a rule writes behind a field, as YAML knows it too (JSON is YAML). */
const operand: fc.Arbitrary<readonly [string, unknown]> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(
      fc.constant(''),
      list(scalar.map((value) => (typeof value === 'string' ? escaped(value) : value))),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(
      fc.constantFrom('|contains', '|startswith', '|endswith', '|contains|cased', '|cased', '|neq'),
      list(text.map(escaped)),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constant('|contains|all'), fc.array(text.map(escaped), { minLength: 2, maxLength: 3 })),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constant(''), list(fc.constantFrom('Create*', '*user', 'C?eate*', '*', '?', '*"*'))),
  },
  { weight: 1, arbitrary: fc.tuple(fc.constant('|re'), list(fc.constantFrom('^Create', '(?i)user$', '.', 'a+b?'))) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('|exists'), fc.boolean()) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom('|lt', '|gte'), fc.constantFrom(1, 5)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('|cidr'), fc.constant('10.0.0.0/8')) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom('|fieldref', '|fieldref|contains', '|fieldref|neq'), fc.constantFrom(...PATHS)),
  },
);

function list<T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | T[]> {
  return fc.oneof(
    { weight: 3, arbitrary: one },
    { weight: 2, arbitrary: fc.array(one, { minLength: 1, maxLength: 8 }) },
  );
}

const search: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .uniqueArray(fc.tuple(fc.constantFrom(...PATHS), operand), {
        minLength: 1,
        maxLength: 3,
        selector: ([path]) => path,
      })
      .map((items) => Object.fromEntries(items.map(([path, [modifiers, value]]) => [`${path}${modifiers}`, value]))),
  },
  {
    weight: 1,
    arbitrary: fc.array(
      text.map(escaped).filter((value) => value !== ''),
      { minLength: 1, maxLength: 3 },
    ),
  },
);

const CONDITIONS = [
  's1',
  's1 and s2',
  's1 or s2',
  's1 and not s2',
  'not s1',
  '1 of s*',
  'all of s*',
  's1 and not (s2 or s3)',
  '(s1 or s2) and s3',
];

/** Rules as people could write them, compiled; at least one. */
export const rules: fc.Arbitrary<Program> = fc
  .array(fc.tuple(search, search, search, fc.constantFrom(...CONDITIONS)), { minLength: 1, maxLength: 6 })
  .map((all) => {
    const files = all.map(([s1, s2, s3, condition], i) => ({
      path: `${i}.yml`,
      text: ruleText(
        Object.entries({ s1, s2, s3, condition })
          .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
          .join('\n'),
      ).replace(/^(id: .*)1$/m, `$1${i}`),
    }));
    const { program, problems } = compileRules(files);
    if (problems.length > 0) throw new Error(problems.map(formatProblem).join('\n'));
    return program;
  });

/** Conditions that no rule file gives, such as an empty `any`. */
export const conditions: fc.Arbitrary<Program> = fc
  .letrec<{ condition: Condition }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.record({
        kind: fc.constant('field' as const),
        path: fc.constantFrom(...PATHS),
        op: fc.constantFrom('equals', 'contains'),
        value: text,
      }),
      fc.record({
        kind: fc.constantFrom('all' as const, 'any' as const),
        of: fc.array(tie('condition'), { maxLength: 4 }),
      }),
      fc.record({ kind: fc.constant('not' as const), of: tie('condition') }),
    ),
  }))
  .condition.map((condition) => ({ version: PROGRAM_VERSION, rules: [{ ...BARE, condition }] }));

const BARE: Omit<CompiledRule, 'condition'> = {
  id: '0d0d0d0d-0000-4000-8000-000000000001',
  title: 'A rule',
  description: '',
  status: 'test',
  author: '',
  level: 'high',
  tags: [],
  falsepositives: [],
  logsource: { product: 'aws', service: 'cloudtrail' },
};

/** A record with the names that the rules look for, at any depth. */
export const records: fc.Arbitrary<JsonObject> = fc.letrec<{ value: Json; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 5, arbitrary: scalar },
    { weight: 2, arbitrary: tie('object') },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
  ),
  object: fc
    .array(fc.tuple(fc.constantFrom(...KEYS, 'userIdentity'), tie('value')), { maxLength: 5 })
    // Own keys whatever they are called, as JSON.parse makes them.
    .map(
      (pairs) =>
        JSON.parse(
          `{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`,
        ) as JsonObject,
    ),
})).object;
