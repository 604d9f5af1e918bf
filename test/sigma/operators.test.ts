import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../lib/model/json';
import { OPERATORS } from '../../lib/sigma';
import { compile, matchOf } from './one-rule';

type Case = readonly [selection: string, record: JsonObject, matches: boolean];

/** One case suite: every back end that will ever be must give these answers. */
const CASES: Readonly<Record<string, readonly Case[]>> = {
  'equals, without case': [
    ['a: Foo', { a: 'fOO' }, true],
    ['a: Foo', { a: 'foot' }, false],
    ['a: foo', { b: 'foo' }, false],
    ['a|cased: Foo', { a: 'foo' }, false],
    ['a|cased: Foo', { a: 'Foo' }, true],
    // Only ASCII letters have a case: the Kelvin sign is no k, and a dotted capital I is no i.
    ['a: k', { a: '\u212a' }, false],
    ['a: i', { a: '\u0130' }, false],
    ['a: É', { a: 'é' }, false],
    ['a: NO', { a: 'No' }, true],
  ],
  'booleans and numbers are compared as text': [
    ["a: 'true'", { a: true }, true],
    ['a: true', { a: 'True' }, true],
    ['a: false', { a: true }, false],
    ["a: 'false'", { a: null }, false],
    ['a: 5', { a: '5' }, true],
    ["a: '5'", { a: 5 }, true],
    ['a: 5', { a: 5.0 }, true],
    ['a|contains: 4', { a: 1443 }, true],
  ],
  'null and missing': [
    ['a: null', {}, true],
    ['a: null', { a: null }, true],
    ['a: null', { a: '' }, false],
    ['a: null', { a: 0 }, false],
    ['a:', {}, true],
    ["a: ''", {}, false],
    ["a: ''", { a: '' }, true],
    ["a: ''", { a: null }, false],
    ['a.b: null', { a: 'text' }, true],
    ['a: null', { a: [] }, false],
    ['a:\n  - x\n  - null', {}, true],
  ],
  'contains, startswith, endswith': [
    ['a|contains: oba', { a: 'FOOBAR' }, true],
    ['a|startswith: foo', { a: 'Foobar' }, true],
    ['a|startswith: bar', { a: 'Foobar' }, false],
    ['a|endswith: BAR', { a: 'Foobar' }, true],
    ['a|endswith: foo', { a: 'Foobar' }, false],
    ['a|contains|cased: OBA', { a: 'foobar' }, false],
    ["a|contains: '*'", { a: '' }, true],
    ["a|contains: '*'", { a: null }, false],
    ["a|contains: '*'", {}, false],
    ["a|contains: '*'", { a: { b: 1 } }, true],
  ],
  'wildcards and escapes': [
    ["a: 'f*r'", { a: 'FOOBAR' }, true],
    ["a: 'f*r'", { a: 'foobars' }, false],
    ["a: 'f??'", { a: 'foo' }, true],
    ["a: 'f??'", { a: 'fo' }, false],
    ["a: '?'", { a: '😀' }, true],
    ["a: '*a*a*b'", { a: 'aaab' }, true],
    ["a: '*ab*ab'", { a: 'ab' }, false],
    ["a: 'a\\*b'", { a: 'a*b' }, true],
    ["a: 'a\\*b'", { a: 'axb' }, false],
    ["a: 'a\\\\*b'", { a: 'a\\xxb' }, true],
    ["a: 'C:\\Windows\\x'", { a: 'c:\\windows\\X' }, true],
    ["a: '\\\\\\\\srv'", { a: '\\\\srv' }, true],
    ["a|contains: 'a?c'", { a: 'xxabcxx' }, true],
    ["a|startswith: 'a*c'", { a: 'abbcd' }, true],
    ["a|endswith: 'a*c'", { a: 'xxabbc' }, true],
    ["a: '*'", { a: 0 }, true],
    ["a: '*'", {}, false],
  ],
  'lists, all and neq': [
    ['a:\n  - x\n  - y', { a: 'Y' }, true],
    ['a:\n  - x\n  - y', { a: 'z' }, false],
    ['a|contains|all:\n  - x\n  - y', { a: 'xy' }, true],
    ['a|contains|all:\n  - x\n  - y', { a: 'x' }, false],
    ['a|neq: x', { a: 'y' }, true],
    ['a|neq: x', { a: 'X' }, false],
    ['a|neq: x', {}, true],
    ['a|neq:\n  - x\n  - y', { a: 'y' }, false],
    ['a|contains|neq: x', { a: 'axb' }, false],
    ['a: x\nb: y', { a: 'x', b: 'y' }, true],
    ['a: x\nb: y', { a: 'x' }, false],
  ],
  'regular expressions': [
    ["a|re: 'o+b'", { a: 'foobar' }, true],
    ["a|re: 'O+b'", { a: 'foobar' }, false],
    ["a|re: 'xb*?c'", { a: 'xc' }, true],
    ["a|re: 'xb??c'", { a: 'xc' }, true],
    ["a|re: 'xb+?c'", { a: 'xc' }, false],
    ["a|re|i: 'O+b'", { a: 'foobar' }, true],
    ["a|re: '^b$'", { a: 'a\nb' }, false],
    ["a|re|m: '^b$'", { a: 'a\nb' }, true],
    ["a|re: 'a.b'", { a: 'a\nb' }, false],
    ["a|re|s: 'a.b'", { a: 'a\nb' }, true],
    ["a|re: '^$'", {}, false],
    [
      "userIdentity.arn|re: '.+:assumed-role/aws:.+'",
      { userIdentity: { arn: 'arn:aws:sts::1:assumed-role/aws:x' } },
      true,
    ],
  ],
  networks: [
    ['a|cidr: 10.0.0.0/8', { a: '10.1.2.3' }, true],
    ['a|cidr: 10.0.0.0/8', { a: '11.0.0.1' }, false],
    ['a|cidr: 10.0.0.0/8', { a: 'ec2.amazonaws.com' }, false],
    ['a|cidr: 2001:db8::/32', { a: '2001:db8:1::1' }, true],
    ['a|cidr: 2001:db8::/32', { a: '2001:db9::1' }, false],
    ['a|cidr: ::/0', { a: '10.1.2.3' }, false],
    ['a|cidr:\n  - 10.0.0.0/8\n  - 192.168.0.0/16', { a: '192.168.7.7' }, true],
  ],
  numbers: [
    ['a|gte: 7', { a: 7 }, true],
    ['a|gt: 7', { a: 7 }, false],
    ['a|lt: 4', { a: 3.9 }, true],
    ['a|lte: 4', { a: '4' }, true],
    ['a|lt: 4', {}, false],
    ['a|lt: 4', { a: '' }, false],
    ['a|lt: 4', { a: null }, false],
    ['a|gt: 1', { a: 'x' }, false],
  ],
  exists: [
    ['a|exists: true', { a: null }, true],
    ['a|exists: true', {}, false],
    ['a|exists: false', {}, true],
    ['a|exists: false', { a: '' }, false],
    ['constructor|exists: true', {}, false],
    ['__proto__|exists: true', {}, false],
  ],
  'references to other fields': [
    ['a|fieldref: b', { a: 'x', b: 'X' }, true],
    ['a|fieldref|cased: b', { a: 'x', b: 'X' }, false],
    ['a|fieldref: b', { a: 'x' }, false],
    ['a|fieldref: b', {}, false],
    ['a|fieldref|neq: b', { a: 'x', b: 'y' }, true],
    ['a|fieldref|neq: b', { a: 'x', b: 'x' }, false],
    ['a|fieldref|endswith: b', { a: 'arn:user/bob', b: 'bob' }, true],
    ['a|fieldref|startswith: b', { a: 'arn:user/bob', b: 'bob' }, false],
    ['a|fieldref|contains: b', { a: 'xbobx', b: 'bob' }, true],
    ['a|fieldref|contains: b', { a: 'x', b: '' }, false],
  ],
  'parts of dates': [
    ['a|hour: 23', { a: '2026-12-31T23:59:00Z' }, true],
    ['a|minute: 59', { a: '2026-12-31T23:59:00Z' }, true],
    ['a|day: 31', { a: '2026-12-31T23:59:00Z' }, true],
    ['a|month: 12', { a: '2026-12-31T23:59:00Z' }, true],
    ['a|year: 2026', { a: '2026-12-31T23:59:00Z' }, true],
    ['a|week: 53', { a: '2026-12-31T23:59:00Z' }, true],
    ['a|week: 53', { a: '2027-01-01T00:00:00Z' }, true],
    ['a|week: 1', { a: '2027-01-04T00:00:00Z' }, true],
    ['a|hour: 1', { a: 'yesterday' }, false],
  ],
  'paths through objects, arrays and keys with dots': [
    ['a.b: x', { a: { b: 'x' } }, true],
    ['a.b: x', { a: [{ b: 'y' }, { b: 'x' }] }, true],
    ['a.b.c: x', { a: [{ b: [{ c: 'x' }] }] }, true],
    ['a: x', { a: ['y', ['x']] }, true],
    ['a.b: x', { 'a.b': 'x' }, true],
    ['a.b.c: x', { a: { 'b.c': 'x' } }, true],
    ['a.b: null', { a: [{ b: 'x' }, {}] }, false],
  ],
  'objects as text': [
    ['a|contains: \'"b":"x"\'', { a: { b: 'x' } }, true],
    ['a|contains: \'"s3:*"\'', { a: { doc: '{"Action": "s3:GetObject"}' } }, true],
    ['a|contains: secret', { a: { b: [{ c: 'my SECRET' }] } }, true],
    ['a|contains|all:\n  - x\n  - y', { a: { b: 'x', c: 'y' } }, true],
  ],
  encodings: [
    ['a|base64: foo', { a: 'Zm9v' }, true],
    ['a|base64offset|contains: foo', { a: Buffer.from('xfoo').toString('base64') }, true],
    ['a|base64offset|contains: foo', { a: Buffer.from('xxfoo!').toString('base64') }, true],
    ['a|base64offset|contains: foo', { a: Buffer.from('bar').toString('base64') }, false],
    ['a|wide|base64: ab', { a: 'YQBiAA==' }, true],
    ['a|utf16le|base64: ab', { a: 'YQBiAA==' }, true],
    ['a|utf16be|base64: ab', { a: 'AGEAYg==' }, true],
    ['a|utf16|base64: ab', { a: '//5hAGIA' }, true],
    ["a|windash|contains: ' -f '", { a: 'x /f y' }, true],
    ["a|windash|contains: ' -f '", { a: 'x –f y' }, true],
    ["a|windash|contains: ' -f '", { a: 'x +f y' }, false],
  ],
};

describe.each(Object.entries(CASES))('%s', (_, cases) => {
  test.each(cases)('%s on %j: %s', (selection, record, expected) => {
    expect(matchOf(selection, record) !== undefined).toBe(expected);
  });
});

test('every row of the operator table is in a case', () => {
  // GIVEN the operators of all compiled cases
  const used = new Set<string>();
  for (const [selection] of Object.values(CASES).flat()) {
    const program = compile(`selection:\n  ${selection.split('\n').join('\n  ')}\ncondition: selection`);
    for (const [, op] of JSON.stringify(program).matchAll(/"op":"([^"]+)"/g)) if (op !== undefined) used.add(op);
  }
  // THEN
  expect([...OPERATORS.keys()].filter((op) => !used.has(op))).toEqual([]);
});
