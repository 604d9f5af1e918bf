import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../../lib/model/json';
import { emitProgram, match, Matcher } from '../../lib/sigma';
import { foldAscii } from '../../lib/sigma/fold';
import { compilePattern, escapePattern, parsePattern } from '../../lib/sigma/pattern';
import { loadProgram } from './load-program';
import { CLOUDTRAIL, compile } from './one-rule';

describe('the emitted module', () => {
  test('gives back the same program, whatever is in it', () => {
    const program = compile('s:\n  __proto__: "quote \' and \\u2028 and `${x}`"\ncondition: s');
    const loaded = loadProgram(emitProgram(program));
    expect(loaded).toEqual(program);
    expect(
      match(loaded, JSON.parse('{"__proto__": "quote \' and \\u2028 and `${x}`"}') as JsonObject, CLOUDTRAIL),
    ).toHaveLength(1);
  });

  test('of another version is refused', () => {
    expect(() => new Matcher({ version: 99, rules: [] })).toThrow(
      'have version 99, this matcher reads 1; compile them again',
    );
  });
});

describe('properties', () => {
  test('an escaped text matches itself and nothing else', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, other) => {
        const fits = compilePattern(escapePattern(text), (same) => same);
        expect(fits(text)).toBe(true);
        expect(fits(other)).toBe(text === other);
      }),
    );
  });

  test('patterns agree with the regular expression of the same meaning', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 12 });
    fc.assert(
      fc.property(letters, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 }), (pattern, text) => {
        const source = parsePattern(pattern).map((piece) =>
          'text' in piece ? piece.text : piece.wildcard === '*' ? '.*' : '.',
        );
        expect(compilePattern(pattern, (same) => same)(text)).toBe(new RegExp(`^${source.join('')}$`).test(text));
      }),
    );
  });

  test('folding changes ASCII letters only, and no length', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const folded = foldAscii(text);
        expect(folded).toHaveLength(text.length);
        expect(folded.split('').every((unit, i) => unit === text[i] || /[A-Z]/.test(text[i] ?? ''))).toBe(true);
      }),
    );
  });

  test('any JSON is matched without throwing', () => {
    const program = compile('s:\n  a.b|contains: x\n  c|re: y\nw:\n  - z\nn:\n  d: null\ncondition: (s or w) and n');
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.jsonValue()), (record) => {
        expect(match(program, JSON.parse(JSON.stringify(record)) as JsonObject, CLOUDTRAIL).length).toBeLessThanOrEqual(
          1,
        );
      }),
    );
  });
});

describe('hostile input', () => {
  test('a pattern and a regular expression take linear time', () => {
    const text = 'a'.repeat(100_000);
    const program = compile(`s:\n  - a|re: '(a+)+$b'\n  - a: '${'*a'.repeat(20)}*b'\ncondition: s`);
    const start = performance.now();
    expect(match(program, { a: text }, CLOUDTRAIL)).toEqual([]);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
