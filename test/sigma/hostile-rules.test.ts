import { describe, expect, test } from '@jest/globals';
import { compileRules, formatProblem, Matcher } from '../../lib/sigma';
import { problemsOf, ruleText, CLOUDTRAIL } from './one-rule';

/** Generous for a slow machine; what these would take without limits is minutes, or all memory. */
const MOST_MS = 20_000;

function told(text: string): { problems: string[]; took: number } {
  const start = performance.now();
  const problems = compileRules([{ path: 'a.yml', text }]).problems.map(formatProblem);
  return { problems, took: performance.now() - start };
}

describe('a file that is made to hurt is refused with its place, and soon', () => {
  const many = (count: number, part: string): string => part.repeat(count);

  test.each<[string, string, RegExp]>([
    ['lists in lists', many(100_000, '['), /^a\.yml:1:\d+: nested deeper than 50 levels, which no rule needs$/],
    ['maps in maps', many(100_000, '{a: '), /^a\.yml:1:\d+: nested deeper than 50 levels, which no rule needs$/],
    ['block lists in lists', many(100_000, '- '), /nested deeper than 50 levels/],
    [
      'values in values, as deep as the parser still goes',
      `a: ${many(60, '[')}x${many(60, ']')}`,
      /^a\.yml:1:\d+: nested deeper than 50 levels/,
    ],
    [
      'aliases of aliases of aliases',
      `a: &a [x, x, x, x, x, x, x, x, x]\n${['b', 'c', 'd', 'e', 'f', 'g', 'h']
        .map((name, i) => `${name}: &${name} [${many(9, `*${'abcdefgh'[i]}, `)}x]\n`)
        .join('')}`,
      /alias '\*\w' is unknown, or there are more than 100 aliases/,
    ],
    [
      'few aliases of much',
      `a: &a [${many(20_000, 'x,')}]\n${Array.from({ length: 90 }, (_, i) => `b${i}: *a\n`).join('')}`,
      /^a\.yml:1:\d+: more than 200000 values, aliases counted as often as they are used$/,
    ],
    ['an alias of itself', 'a: &a [*a]', /nested deeper than 50 levels/],
    ['as many mistakes as letters', many(50_000, '"'), /^a\.yml:1:\d+: \d+ more syntax errors from here on$/],
    ['many keys', Array.from({ length: 15_000 }, (_, i) => `k${i}: x`).join('\n'), /'title' is missing/],
  ])('%s', (_, text, message) => {
    const { problems, took } = told(text);
    expect(problems).toContainEqual(expect.stringMatching(message));
    // Problems are for people.
    expect(problems.length).toBeLessThan(1_000);
    expect(took).toBeLessThan(MOST_MS);
  });

  test('the other files are still compiled', () => {
    const { program, problems } = compileRules([
      { path: 'bomb.yml', text: '['.repeat(100_000) },
      { path: 'good.yml', text: ruleText('s:\n  a: 1\ncondition: s') },
    ]);
    expect(program.rules).toHaveLength(1);
    expect(problems.map(({ path }) => path)).toEqual(['bomb.yml']);
  });
});

describe('regular expressions', () => {
  test.each([
    [
      'many counts',
      'x{0,1000}'.repeat(200),
      'is too large to be fast: at most 2000 steps; count less in {} and split it',
    ],
    ['a long count', '[a-z]{1000}[0-9]{1000}'.repeat(2), 'is too large to be fast: at most 2000 steps, got'],
    ['a back reference', '(x+x+)+\\1', 'not a regular expression of RE2'],
    ['look-ahead', '(?=x)x', 'not a regular expression of RE2'],
    ['half of one', '(', 'not a regular expression of RE2'],
  ])('%s is refused', (_, source, message) => {
    expect(problemsOf(`s:\n  a|re: '${source}'\ncondition: s`)).toEqual([expect.stringContaining(message)]);
  });

  test.each(['(a+)+$', '(a|a)*$', '(.*)*(.*)*(.*)*b', '^(([a-z])+.)+[A-Z]([a-z])+$', '[a-z]{0,900}!'])(
    'one that hangs other engines takes its time with the length of the text: %s',
    (source) => {
      const { program, problems } = compileRules([
        { path: 'a.yml', text: ruleText(`s:\n  a|re: '${source}'\ncondition: s`) },
      ]);
      expect(problems).toEqual([]);
      const start = performance.now();
      new Matcher(program).match({ a: `${'a'.repeat(50_000)}-` }, CLOUDTRAIL);
      expect(performance.now() - start).toBeLessThan(MOST_MS);
    },
  );
});
