import { describe, expect, test } from '@jest/globals';
import { compileFilterPattern } from '../../lib/sigma/filter-pattern';

type Case = readonly [says: string, pattern: string, matches: readonly string[], ignores: readonly string[]];

/** Which messages match: a case for each statement, [D] documented or [O] observed on the real service. */
function cases(name: string, table: readonly Case[]): void {
  describe(name, () => {
    test.each(table)('%s: %s', (_says, pattern, matches, ignores) => {
      const test = compileFilterPattern(pattern);
      const verdicts = [...matches, ...ignores].map((message) => [message, test(message)]);
      expect(verdicts).toEqual([...matches.map((message) => [message, true]), ...ignores.map((m) => [m, false])]);
    });
  });
}

cases('empty', [
  ['[D] matches everything', '', ['', 'a', '{"a":1}'], []],
  ['[D] blanks are as good as nothing', '  ', ['', 'a'], []],
]);

cases('terms', [
  ['[O] are substrings', 'ERROR', ['[ERROR] x', 'UNERRORED'], ['error', '']],
  ['[O] mind the case', 'Error', ['Error'], ['ERROR', 'error']],
  ['[O] blank is AND, in any order', 'a b', ['b a', 'ab'], ['a', 'b']],
  ['[O] ? is OR', '?a ?b', ['a', 'b', 'ab'], ['c']],
  ['[O] a plain term beside them makes all ? terms ignored', '?a ?b c', ['c', 'ac'], ['a', 'ab']],
  ['[O] - excludes', 'a -b', ['a', 'ac'], ['ab', 'c']],
  ['[O] - alone excludes from everything', '-b', ['a', ''], ['b']],
  ['[O] - beside ?', '?a ?c -b', ['a', 'c'], ['ab', 'd']],
  ['[O] quotes are literal', '"a b"', ['xa by'], ['a  b', 'b a']],
  ['[D] special characters in quotes', '"[x*]: {$}"', ['[x*]: {$}'], ['[xy]: {$}']],
  ['[D] an escaped quote', '"say \\"hi\\" \\\\"', ['say "hi" \\'], ['say hi']],
  ['[D] an excluded phrase', 'a -"b c"', ['a b', 'a'], ['a b c']],
  ['[O] look into JSON as text', 'CreateUser', ['{"eventName":"CreateUser"}'], ['{"eventName":"createUser"}']],
  ['[D] a regular expression, unanchored', '%AUTHORI[SZ]ED%', ['UNAUTHORIZED', 'AUTHORISED x'], ['AUTHORED']],
  ['[D] a regular expression beside a term', 'a %\\d{3}%', ['a 401', '401a'], ['a 40', '401']],
  ['[D] two regular expressions', '%a+% %b$%', ['aab'], ['aabc', 'b']],
]);

cases('regular expressions', [
  ['[D] all operators', '%^a?[b-d]{2}.|\\.x*$%', ['abcd', 'bd!', 'y.', '.xxx'], ['ab']],
  ['[D] classes', '%^\\d\\D\\s\\S\\w\\W$%', ['1a bc!'], ['aa bc!', '1a bcd']],
  ['[D] \\xhh', '%\\x28x\\x29%', ['f(x)'], ['fx']],
  ['[D] symbols', '%a:_#=@/;,-b%', ['a:_#=@/;,-b'], ['ab']],
]);

cases('JSON', [
  ['[D] equality of strings', '{ $.a = "x y" }', ['{"a":"x y"}'], ['{"a":"x"}', '{"b":"x y"}']],
  ['[D] without blanks', '{$.a=x&&$.b=y}', ['{"a":"x","b":"y"}'], ['{"a":"x"}']],
  ['[D] a bare word', '{ $.a = x.y:z/w-1@# }', ['{"a":"x.y:z/w-1@#"}'], ['{"a":"x"}']],
  ['[O] minds the case', '{ $.a = Root }', ['{"a":"Root"}'], ['{"a":"root"}', '{"A":"Root"}']],
  ['[D] paths', '{ $.a.b = 1 }', ['{"a":{"b":1}}'], ['{"a":1}', '{"a.b":1}', '{"a":[{"b":1}]}']],
  ['[D] a key with a hyphen', '{ $.detail-type = x }', ['{"detail-type":"x"}'], ['{"detail":"x"}']],
  ['[D] an index', '{ $.a[1] = x }', ['{"a":[0,"x"]}'], ['{"a":["x"]}', '{"a":{"1":"x"}}']],
  ['[D] a key in an element', '{ $.a[0].b = x }', ['{"a":[{"b":"x"}]}'], ['{"a":[1,{"b":"x"}]}']],
  ['[D] any element', '{ $.a[*] = x }', ['{"a":[1,"x"]}'], ['{"a":[]}', '{"a":"x"}']],
  ['[O] [*] walks object values too', '{ $.a[*] = x }', ['{"a":{"k":"x"}}'], ['{"a":{"k":{"l":"x"}}}']],
  ['[D] any key', '{ $.* = x }', ['{"b":"x"}'], ['{"b":{"c":"x"}}', '["x"]']],
  ['[D] a key behind a wildcard', '{ $.a[*].b = x }', ['{"a":[{"b":1},{"b":"x"}]}'], ['{"a":[{"c":"x"}]}']],
  ['[D] a key with a dot', "{ $.['a.b'] = x }", ['{"a.b":"x"}'], ['{"a":{"b":"x"}}']],
  ['[D] a wildcard at the end', '{ $.a = x* }', ['{"a":"x"}', '{"a":"xy"}'], ['{"a":"yx"}']],
  ['[D] a wildcard at the start', '{ $.a = "*x" }', ['{"a":"x"}', '{"a":"yx"}'], ['{"a":"xy"}']],
  ['[D] wildcards at both', '{ $.a = "*x*" }', ['{"a":"yxy"}'], ['{"a":"y"}']],
  ['[O] a wildcard of a number', '{ $.a = 4* }', ['{"a":404}', '{"a":"4xx"}'], ['{"a":504}']],
  ['[O] ? is literal', '{ $.a = "x?" }', ['{"a":"x?"}'], ['{"a":"xy"}']],
  ['[D] a regular expression', '{ $.a = %^x[0-9]$% }', ['{"a":"x1"}'], ['{"a":"x12"}', '{"a":null}']],
  ['[D] != with a regular expression', '{ $.a != %x% }', ['{"a":"y"}'], ['{"a":"x"}', '{}']],
  ['[D] an escaped quote', '{ $.a = "\\"" }', ['{"a":"\\""}'], ['{"a":""}']],
  ['[D] && before ||', '{ $.a=1 || $.b=1 && $.c=1 }', ['{"a":1}', '{"b":1,"c":1}'], ['{"b":1}', '{"c":1}']],
  ['[D] parentheses', '{ ($.a=1 || $.b=1) && $.c=1 }', ['{"a":1,"c":1}'], ['{"a":1}', '{"a":1,"b":1}']],
  ['[O] = true is the string only', '{ $.a = true }', ['{"a":"true"}'], ['{"a":true}', '{"a":1}']],
  [
    '[O] = never looks at booleans, null, objects, lists',
    '{ $.a = * }',
    ['{"a":""}', '{"a":0}'],
    ['{"a":true}', '{"a":null}', '{"a":{}}', '{"a":["x"]}', '{}'],
  ],
  [
    '[O] nor does !=',
    '{ $.a != x }',
    ['{"a":"y"}', '{"a":1}'],
    ['{"a":"x"}', '{"a":true}', '{"a":null}', '{"a":{}}', '{"a":[]}'],
  ],
  ['[O] != on a missing field is false', '{ $.a != x }', [], ['{}', '{"b":"y"}']],
  [
    '[O] a bare number equals numbers by value, strings by text',
    '{ $.a = 1 }',
    ['{"a":1}', '{"a":1.0}', '{"a":1e0}', '{"a":"1"}'],
    ['{"a":"1.0"}', '{"a":true}', '{"a":2}'],
  ],
  ['[O] a quoted number compares its text', '{ $.a = "1" }', ['{"a":1}', '{"a":"1"}'], ['{"a":1.0}', '{"a":"1.0"}']],
  [
    '[O] long numbers keep their text',
    '{ $.a = "12345678901234567890" }',
    ['{"a":12345678901234567890}'],
    ['{"a":12345678901234567891}'],
  ],
  [
    '[O] order holds for numbers only',
    '{ $.a > 1 }',
    ['{"a":2}', '{"a":1.5}'],
    ['{"a":1}', '{"a":"2"}', '{"a":true}', '{}'],
  ],
  ['[D] at most', '{ $.a <= -1.5e1 }', ['{"a":-15}', '{"a":-16}'], ['{"a":-14}', '{"a":"-16"}']],
  ['[D] less and at least', '{ $.a >= 1 && $.a < 3 }', ['{"a":1}', '{"a":2}'], ['{"a":3}', '{"a":0}']],
  ['[D] IS NULL', '{ $.a IS NULL }', ['{"a":null}'], ['{}', '{"a":"null"}', '{"a":0}']],
  [
    '[O] IS NULL of a list that holds null',
    '{ $.a IS NULL }',
    ['{"a":[1,null]}'],
    ['{"a":[1]}', '{"a":[[null]]}', '{"a":{"b":null}}'],
  ],
  ['[D] IS TRUE', '{ $.a IS TRUE }', ['{"a":true}'], ['{"a":"true"}', '{"a":1}', '{"a":false}', '{}']],
  ['[D] IS FALSE', '{ $.a IS FALSE }', ['{"a":false}'], ['{"a":"false"}', '{"a":0}', '{}', '{"a":null}']],
  ['[O] NOT EXISTS', '{ $.a NOT EXISTS }', ['{}', '{"b":1}'], ['{"a":null}', '{"a":""}', '{"a":[]}']],
  ['[O] NOT EXISTS on the way', '{ $.a.b NOT EXISTS }', ['{"a":1}', '{"a":{}}'], ['{"a":{"b":null}}']],
  [
    '[O] NOT EXISTS only of JSON objects',
    '{ $.a NOT EXISTS }',
    ['{}'],
    ['', 'x', '[]', '"x"', '1', 'null', '{"b":1', '{} x'],
  ],
  [
    '[O] broken JSON, texts and lists never match',
    '{ $.a = 1 || $.a NOT EXISTS || $.* = * }',
    ['{"a":1}'],
    ['{"a":1', 'a', '[{"a":1}]', "{'a':1}"],
  ],
  ['[O] of duplicate keys the last wins', '{ $.a = x }', ['{"a":"y","a":"x"}'], ['{"a":"x","a":"y"}']],
  ['own keys only', '{ $.constructor NOT EXISTS && $.__proto__ NOT EXISTS }', ['{}'], ['{"__proto__":1}']],
  ['a string cannot pose as a number', '{ $.a > 0 }', ['{"a":1}'], ['{"a":"\\u0000#1"}', '{"a":"\\u0000$1"}']],
  ['nor does a number hide in one', '{ $.a = "*#1" }', ['{"a":"\\u0000#1"}'], ['{"a":1}']],
]);

cases('space-delimited', [
  ['[D] a line by its fields', '[ip, user, code=4*]', ['1.1.1.1 joe 404', 'a b 4'], ['1.1.1.1 joe 504']],
  ['[O] "…" is one field', '[a, b="x y", c]', ['1 "x y" 2'], ['1 x y 2']],
  ['[O] […] is one field', '[a, b="x y", c]', ['1 [x y] 2'], ['1 [x] y 2']],
  ['[O] the last name takes the rest', '[a, b="y z"]', ['x y z'], ['x y', 'x y z w']],
  ['[O] more names than fields', '[a, b, c]', ['1 2 3', '1 2 3 4'], ['1 2', '']],
  [
    '[D] ... in front',
    '[..., b=*.html*, c=200]',
    ['GET /a.html 200', 'x y /b.html?c 200'],
    ['/a.html', '/a.html 404', '/a.html 200 x'],
  ],
  ['[D] ... at the end', '[a=ERROR, ...]', ['ERROR', 'ERROR x y'], ['x ERROR']],
  ['[D] ... in between', '[a=x, ..., z=y]', ['x y', 'x 1 2 y'], ['x', 'x y z']],
  ['[D] numbers', '[a, b>1000]', ['x 1001'], ['x 1000', 'x y', 'x "a"']],
  ['[D] || within a field', '[a, code=404 || code=410, c]', ['x 404 y', 'x 410 y'], ['x 400 y']],
  ['[D] && within a field', '[a=%E% && a!=*W*, b]', ['ERR x', 'E x'], ['EW x', 'x x']],
  ['[D] !=', '[a!=INFO, b]', ['WARN x'], ['INFO x']],
  ['[D] a regular expression', '[ip=%127\\.0\\.0\\.[1-9]%, ...]', ['127.0.0.1 x'], ['127.0.0.0 x']],
]);

test('messages of many megabytes, deep ones, and long runs of backslashes', () => {
  const holds = compileFilterPattern('{ $.a = 1 && $.b = "*x" }');
  for (const b of ['y'.repeat(20_000_000), '\\'.repeat(2_000_000), '"'.repeat(2_000_000)]) {
    expect(holds(JSON.stringify({ b: `${b}x`, a: 1 }))).toBe(true);
    expect(holds(JSON.stringify({ b, a: 1 }))).toBe(false);
  }
  expect(holds(`{"c":${'['.repeat(100_000)}${']'.repeat(100_000)},"a":1,"b":"x"}`)).toBe(true);
});
