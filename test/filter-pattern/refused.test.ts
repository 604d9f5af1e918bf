import { describe, expect, test } from '@jest/globals';
import { FilterPatternError, parseFilterPattern } from '../../lib/sigma/filter-pattern';

/** What the service refuses, with the column and a word of the remedy. */
const REFUSED: readonly (readonly [says: string, pattern: string, column: number, message: string])[] = [
  ['[D] length', 'a'.repeat(1025), 1025, 'at most 1024 characters, got 1025'],
  ['[O] * in a term', 'ERR*', 4, 'leave it out'],
  ['[O] * as a term', '*', 1, 'leave it out'],
  ['[O] special characters in a term', '?Status: timeout', 8, 'put the term in double quotes'],
  ['[O] a parenthesis in a term', 'x (y', 3, 'put the term in double quotes'],
  ['[O] an empty term', '""', 1, 'take it away'],
  ['an open quote', 'a "b', 3, 'never closed'],
  ['[O] three regular expressions in terms', '%a% %b% %c%', 9, 'at most 2 regular expressions'],
  ['[D,O] three in JSON', '{ $.a=%x% || $.b=%y% || $.c=%z% }', 29, "join them by '|'"],
  ['[D,O] three in fields', '[a=%x%, b=%y%, c=%z%]', 18, 'at most 2'],
  ['[D] a group', '%(a)%', 2, "'\\x28'"],
  ['[D] !', '%a!%', 3, "write '\\x21'"],
  ['[D] a blank', '{ $.a = %a b% }', 11, "write '\\x20'"],
  ['[D] non-ASCII', '%ä%', 2, 'only ASCII'],
  ['[D] an unknown class', '%\\bx%', 2, "'\\b' is not supported"],
  ['[D] half a \\xhh', '%\\x2%', 2, 'not supported'],
  ['an escaped parenthesis', '%\\(%', 2, 'not supported'],
  ['a broken expression', '%a[%', 2, 'not a regular expression'],
  ['an empty expression', '%%', 1 + 1, 'empty'],
  ['an open expression', '{ $.a = %x }', 9, 'never closed'],
  ['[O] an open brace', '{ $.a = 1', 9, "ends with '}'"],
  ['an open bracket', '[a, b', 5, "ends with ']'"],
  ['an empty JSON pattern', '{ }', 3, 'needs a comparison'],
  ['[D,O] two wildcards in a selector', '{ $.a[*].b[*] = 1 }', 3, 'at most 1 wildcard'],
  ['[D,O] four in a pattern', '{ $.a[*]=1 || $.b[*]=1 || $.c[*]=1 || $.*=1 }', 39, 'at most 3 selectors'],
  ['[O] EXISTS', '{ $.a EXISTS }', 7, "only 'NOT EXISTS'"],
  ['[O] IS NOT', '{ $.a IS NOT NULL }', 7, "'IS NOT' does not exist"],
  ['[O] ==', '{ $.a == 1 }', 7, "single '='"],
  ['[O] !', '{ !($.a = 1) }', 3, "'!' does not exist"],
  ['[O] ! before a selector', '{ !$.a }', 3, "'!' does not exist"],
  ['[O] AND', '{ $.a = 1 AND $.b = 1 }', 11, "joined by '&&'"],
  ['[O] or', '{ $.a = 1 or $.b = 1 }', 11, "joined by '&&'"],
  ['[O] = null', '{ $.a = null }', 9, "'IS NULL'"],
  ['[O] != null', '{ $.a != null }', 10, "'IS NULL'"],
  ['[O] ..', '{ $..a = 1 }', 5, "'..' does not exist"],
  ['[O] a negative index', '{ $.a[-1] = 1 }', 6, 'no negative ones'],
  ['[O] a slice', '{ $.a[0:2] = 1 }', 6, 'no slices'],
  ['[O] a quoted key', '{ $."a" = 1 }', 5, "$.['key']"],
  ['brackets without a dot', "{ $['a'] = 1 }", 3, 'selector'],
  ['no selector', '{ a = 1 }', 3, 'a selector'],
  ['only $', '{ $ = 1 }', 3, 'names a field'],
  ['no comparison', '{ $.a }', 7, 'is expected'],
  ['no value', '{ $.a = }', 9, 'a value is expected'],
  ['a value of several words', '{ $.a = x y }', 11, "got 'y'"],
  ['an order of texts', '{ $.a > x }', 9, 'a number'],
  ['a quoted order', '{ $.a > "1" }', 9, 'a number'],
  ['a single &', '{ $.a = 1 & $.b = 1 }', 11, "'&&'"],
  ['a comma', '{ $.a = 1, $.b = 1 }', 10, "'&&'"],
  ['an open parenthesis', '{ ($.a = 1 }', 3, 'never closed'],
  ['one parenthesis too many', '{ $.a = 1) }', 10, "got ')'"],
  ['a lower-case word', '{ $.a is null }', 7, "'IS NULL'"],
  ['nested too deep', `{${'('.repeat(200)}$.a=1${')'.repeat(200)}}`, 103, 'at most 100 deep'],
  ['an empty place', '[a, , b]', 5, 'a name'],
  ['two ellipses', '[..., a, ...]', 10, 'may stand once'],
  ['another field in the same place', '[a=1 || b=2]', 9, "this place is the field 'a'"],
  ['a place without a comparison', '[a b]', 4, 'is expected'],
];

describe('refused, with place and remedy', () => {
  test.each(REFUSED)('%s: %s', (_says, pattern, column, message) => {
    let error: unknown;
    try {
      parseFilterPattern(pattern);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(FilterPatternError);
    expect((error as FilterPatternError).message).toContain(message);
    expect((error as FilterPatternError).column).toBe(column);
  });

  test.each([
    'a'.repeat(1024),
    '%a% %b%',
    '{ $.a[*]=1 || $.b[*]=1 || $.c[*]=1 }',
    '{ $.a = "*x*" && $.b = *y* && $.c = *z && $.d = w* }',
  ])('taken, at the limit: %s', (pattern) => {
    expect(() => parseFilterPattern(pattern)).not.toThrow();
  });
});
