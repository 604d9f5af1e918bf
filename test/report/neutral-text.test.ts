import { expect, test } from '@jest/globals';
import { defang, neutralText } from '../../lambdas/shared/neutral-text';

test.each([
  ['colours of a terminal', '\u001b[31mred\u001b[0m', 'red'],
  ['a window title', '\u001b]0;pwned\u0007after', 'after'],
  ['a link of a terminal', '\u001b]8;;https://evil.example\u001b\\click\u001b]8;;\u001b\\', 'click'],
  ['a one-byte terminal sequence', '\u009b2Jgone', 'gone'],
  ['an unfinished sequence', 'a\u001b[', 'a'],
  ['a lone escape', 'a\u001bb', 'a[U+001B]b'],
  ['a forged line', 'ok\r\nincident closed', 'ok incident closed'],
  ['line and paragraph separators', 'a\u2028b\u2029c', 'a b c'],
  ['a reversed reading direction', 'file\u202egpj.exe', 'file[U+202E]gpj.exe'],
  ['isolates', '\u2066a\u2069', '[U+2066]a[U+2069]'],
  ['zero-width letters', 'ad\u200bmin', 'ad[U+200B]min'],
  ['tags, which hide text', `a${String.fromCodePoint(0xe0041)}`, 'a[U+E0041]'],
  ['variation selectors, which hide data', `a${String.fromCodePoint(0xe0101)}`, 'a[U+E0101]'],
  ['half of a pair', 'a\ud800b', 'a[U+D800]b'],
  ['private use', '\ue000', '[U+E000]'],
  ['a letter that looks like nothing', '\u3164', '[U+3164]'],
  ['a NUL', 'a\u0000b', 'a[U+0000]b'],
  ['too many marks on a letter', `a${'\u0301'.repeat(50)}`, `a${'\u0301'.repeat(4)}`],
  ['nothing', undefined, ''],
  ['an object', { a: 'b\u001b' }, '{"a":"b\\u001b"}'],
  ['a number', 7, '7'],
  ['ordinary words of any language', 'Zoë 東京 عربى 👍', 'Zoë 東京 عربى 👍'],
])('shows %s harmlessly', (_what, hostile, shown) => {
  expect(neutralText(hostile)).toBe(shown);
});

test('cuts what is too long, between characters, and says so', () => {
  expect(neutralText('👍'.repeat(10), 3)).toBe('👍👍👍… (cut, 20 characters)');
  expect(neutralText('x'.repeat(500))).toHaveLength(500);
});

test('a megabyte of escapes costs nothing', () => {
  const started = performance.now();
  expect(neutralText('\u001b]'.repeat(500_000)).length).toBeLessThan(600);
  expect(performance.now() - started).toBeLessThan(500);
});

test('defangs what mail and chat programs would make a link of', () => {
  expect(defang('see https://evil.example/x, HTTP://b.example and www.c.example or ftp://d')).toBe(
    'see hxxps[:]//evil.example/x, hxxp[:]//b.example and www[.]c.example or ftp[:]//d',
  );
});
