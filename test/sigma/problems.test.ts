import { describe, expect, test } from '@jest/globals';
import { compileRules, formatProblem } from '../../lib/sigma';
import { problemsOf, ruleText } from './one-rule';

const S = 'selection:\n  a: 1\n';

describe('mistakes are told with their place', () => {
  test.each<[string, string, string]>([
    [
      'an unknown modifier',
      's:\n  a|contians: x\ncondition: s',
      "a.yml:8:5: unknown modifier 'contians'; did you mean 'contains'?",
    ],
    [
      'an unknown search',
      `${S}condition: selektion`,
      "a.yml:9:14: unknown search identifier 'selektion'; did you mean 'selection'?",
    ],
    ['a pattern that fits nothing', `${S}condition: 1 of filter_*`, "a.yml:9:19: no search identifier fits 'filter_*'"],
    ['an open parenthesis', `${S}condition: (selection`, "a.yml:9:14: '(' is never closed"],
    [
      'a missing operand',
      `${S}condition: selection and`,
      'a.yml:9:27: the condition ends where a search identifier is expected',
    ],
    [
      'two searches side by side',
      `${S}condition: selection selection`,
      "a.yml:9:24: expected 'and', 'or' or the end of the condition, got 'selection'",
    ],
    ['2 of', `${S}condition: 2 of them`, "a.yml:9:14: only '1 of' and 'all of' exist in Sigma 2.1, got '2 of'"],
    [
      'count()',
      `${S}condition: selection | count() > 5`,
      "a.yml:9:24: the aggregation '| count' is the old syntax, which Sigma 2 replaced by correlation rules: not supported; give the rule a 'name' and write a correlation: {type: event_count, rules: [<name>], group-by: [<field>], timespan: 10m, condition: {gt: 5}}",
    ],
    [
      'count() of a field by another',
      `${S}condition: selection | count(user) by src_ip >= 5`,
      "a.yml:9:24: the aggregation '| count' is the old syntax, which Sigma 2 replaced by correlation rules: not supported; give the rule a 'name' and write a correlation: {type: value_count, rules: [<name>], group-by: [src_ip], timespan: 10m, condition: {field: user, gte: 5}}",
    ],
    [
      'near',
      `${S}condition: selection | near other`,
      "a.yml:9:24: 'near' is the old syntax, which Sigma 2 replaced by correlation rules: not supported; give the rule a 'name' and write a correlation: {type: temporal, rules: [<name>, <name>], group-by: [<field>], timespan: 10m}",
    ],
    [
      'timeframe',
      `${S}timeframe: 5m\ncondition: selection`,
      "a.yml:9:3: 'timeframe' is the old syntax, which Sigma 2 replaced by correlation rules: not supported; take it away and write a correlation: {type: event_count, rules: [<name of this rule>], group-by: [<field>], timespan: 5m, condition: {gte: 10}}",
    ],
    [
      'expand',
      "s:\n  a|expand: '%x%'\ncondition: s",
      "a.yml:8:5: modifier 'expand' is not supported: placeholders have no values here; write the values into the rule",
    ],
    [
      'two comparisons',
      's:\n  a|startswith|endswith: x\ncondition: s',
      "a.yml:8:5: a field is compared in one way, got 'startswith' and 'endswith'",
    ],
    [
      'a bad network',
      's:\n  a|cidr: 10.0.0.0/33\ncondition: s',
      "a.yml:8:13: not an IPv4 or IPv6 network in CIDR notation: '10.0.0.0/33'",
    ],
    ['a number that is none', 's:\n  a|gt: x\ncondition: s', 'a.yml:8:11: a number is needed here, got "x"'],
    [
      'exists of a text',
      's:\n  a|exists: maybe\ncondition: s',
      `a.yml:8:15: 'exists' needs true or false, got "maybe"`,
    ],
    ['contains of null', 's:\n  a|contains: null\ncondition: s', "a.yml:8:17: 'contains' needs a text, got null"],
    [
      'utf16 alone',
      's:\n  a|wide: x\ncondition: s',
      "a.yml:8:13: 'utf16' and its kin need 'base64' or 'base64offset' after them",
    ],
    [
      'base64 of a wildcard',
      "s:\n  a|base64: 'x*'\ncondition: s",
      "a.yml:8:15: 'base64' cannot encode a wildcard; write '\\*' for the character itself",
    ],
    [
      'a map as value',
      's:\n  a:\n    b: 1\ncondition: s',
      'a.yml:9:7: a field has a value or a list of values, got a map; write the path with dots: `a.b: value`',
    ],
    [
      'an empty list',
      's:\n  a: []\ncondition: s',
      "a.yml:8:8: the list of values of 'a' is empty, so it could never match",
    ],
    ['no condition', 's:\n  a: 1', "a.yml:7:3: 'detection' has no 'condition'"],
    [
      'a slip in condition',
      's:\n  a: 1\nconditon: s',
      "a.yml:7:3: 'detection' has no 'condition'; is 'conditon' meant to be it?",
    ],
  ])('%s', (_, detection, message) => {
    expect(problemsOf(detection)).toEqual([message]);
  });

  test('a regular expression that RE2 has not', () => {
    expect(problemsOf("s:\n  a|re: '(?=x)y'\ncondition: s")).toEqual([
      expect.stringMatching(
        /^a\.yml:8:11: not a regular expression of RE2 \(which has no look-around and no back references\): /,
      ),
    ]);
  });

  test('slips in the fields of a rule', () => {
    expect(problemsOf('s:\n  a: 1\ncondition: s', 'levle: high')).toEqual([
      "a.yml:10:1: unknown field 'levle'; did you mean 'level'?",
    ]);
    expect(problemsOf('s:\n  a: 1\ncondition: s', 'level: hgih')).toEqual([
      "a.yml:10:8: 'level' must be one of informational, low, medium, high, critical, got 'hgih'; did you mean 'high'?",
    ]);
  });

  test('every mistake of every file at once, and the good files compile', () => {
    // GIVEN two bad files and a good one
    const files = [
      { path: 'bad1.yml', text: ruleText('s:\n  a|contians: x\n  b|expnad: y\ncondition: t') },
      { path: 'good.yml', text: ruleText('s:\n  a: 1\ncondition: s') },
      { path: 'bad2.yml', text: 'title: [' },
      { path: 'empty.yml', text: '# nothing\n' },
    ];
    // WHEN
    const { program, problems } = compileRules(files);
    // THEN
    expect(program.rules).toHaveLength(1);
    expect(problems.map(({ path, line }) => `${path}:${line}`)).toEqual([
      'bad1.yml:8',
      'bad1.yml:9',
      'bad1.yml:10',
      'bad2.yml:1',
      'empty.yml:1',
    ]);
  });

  test('an id that is used twice is refused with the other place', () => {
    const text = ruleText('s:\n  a: 1\ncondition: s');
    const { problems } = compileRules([
      { path: 'one.yml', text },
      { path: 'two.yml', text },
    ]);
    expect(problems.map(formatProblem)).toEqual([
      'two.yml:1:1: rule id 0d0d0d0d-0000-4000-8000-000000000001 is already used in one.yml:1; give one of them a new UUID',
    ]);
  });

  test('a rule without a UUID is refused', () => {
    const text = ruleText('s:\n  a: 1\ncondition: s').replace(/^id: .*$/m, 'id: mine');
    expect(compileRules([{ path: 'a.yml', text }]).problems.map(formatProblem)).toEqual([
      "a.yml:2:5: 'id' must be a UUID, got 'mine'",
    ]);
  });

  test('an alias bomb is refused and does not hang', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'.split('').map(
        (name, i) =>
          `${name}: &${name} [${Array(9)
            .fill(`*${'abcdefgh'[i] ?? ''}`)
            .join(',')}]`,
      ),
    ];
    const { problems } = compileRules([{ path: 'bomb.yml', text: bomb.join('\n') }]);
    expect(problems.length).toBeGreaterThan(0);
  });

  test('deep nesting of conditions is refused', () => {
    expect(problemsOf(`s:\n  a: 1\ncondition: ${'('.repeat(200)}s${')'.repeat(200)}`)).toEqual([
      expect.stringContaining('nested at most 50 deep'),
    ]);
  });
});
