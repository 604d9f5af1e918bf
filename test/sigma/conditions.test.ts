import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../lib/model/json';
import { match } from '../../lib/sigma';
import { CLOUDTRAIL, compile } from './one-rule';

const SEARCHES = ['sel_a:', '  a: 1', 'sel_b:', '  b: 1', '_hidden:', '  c: 1'].join('\n');
const matches = (condition: string, record: JsonObject): boolean =>
  match(compile(`${SEARCHES}\ncondition: ${condition}`), record, CLOUDTRAIL).length > 0;

describe('conditions', () => {
  test.each<[string, JsonObject, boolean]>([
    ['sel_a and sel_b', { a: 1, b: 1 }, true],
    ['sel_a and sel_b', { a: 1 }, false],
    ['sel_a or sel_b', { b: 1 }, true],
    ['not sel_a', {}, true],
    ['not not sel_a', { a: 1 }, true],
    // not binds more than and, and more than or
    ['sel_a or sel_b and _hidden', { a: 1 }, true],
    ['(sel_a or sel_b) and _hidden', { a: 1 }, false],
    ['not sel_a and sel_b', { b: 1 }, true],
    ['not (sel_a and sel_b)', { a: 1 }, true],
    ['1 of sel_*', { b: 1 }, true],
    ['all of sel_*', { b: 1 }, false],
    ['all of sel_*', { a: 1, b: 1 }, true],
    ['1 of them', { c: 1 }, false],
    ['all of them', { a: 1, b: 1 }, true],
    ['any of sel_*', { a: 1 }, true],
    ['not 1 of sel_*', {}, true],
    ['sel_a AND NOT sel_b', { a: 1 }, true],
    ['1 of sel_a', { a: 1 }, true],
    ['1 of *_a', { a: 1 }, true],
    ['[sel_a, sel_b]', { b: 1 }, true],
  ])('%s on %j: %s', (condition, record, expected) => {
    expect(matches(condition, record)).toBe(expected);
  });

  test('keywords are looked for in every text, number and boolean', () => {
    const program = compile('words:\n  - Needle\n  - 42\ncondition: words');
    expect(match(program, { a: [{ b: 'a needle here' }] }, CLOUDTRAIL)).toHaveLength(1);
    expect(match(program, { a: 1425 }, CLOUDTRAIL)).toHaveLength(1);
    expect(match(program, { needle: 'x' }, CLOUDTRAIL)).toHaveLength(0);
  });

  test('keywords with all', () => {
    const program = compile("words:\n  '|all':\n    - one\n    - two\ncondition: words");
    expect(match(program, { a: 'one', b: 'two' }, CLOUDTRAIL)).toHaveLength(1);
    expect(match(program, { a: 'one' }, CLOUDTRAIL)).toHaveLength(0);
  });

  test('a list of maps is any of them', () => {
    const program = compile('s:\n  - a: 1\n    b: 1\n  - c: 1\ncondition: s');
    expect(match(program, { c: 1 }, CLOUDTRAIL)).toHaveLength(1);
    expect(match(program, { a: 1 }, CLOUDTRAIL)).toHaveLength(0);
  });

  test('only rules of the log source are asked, whatever its case', () => {
    const program = compile('s:\n  a: 1\ncondition: s');
    expect(match(program, { a: 1 }, { product: 'AWS', service: 'CloudTrail' })).toHaveLength(1);
    expect(match(program, { a: 1 }, { product: 'aws', service: 'guardduty' })).toHaveLength(0);
    expect(match(program, { a: 1 }, { product: 'aws' })).toHaveLength(0);
  });
});

describe('because', () => {
  test('says what decided, with what was there', () => {
    // GIVEN
    const program = compile(
      's:\n  eventName:\n    - A\n    - B\n  x|startswith: y\nf:\n  errorCode|exists: true\ncondition: s and not f',
    );
    // WHEN
    const [found] = match(program, { eventName: 'b', x: 'yz' }, CLOUDTRAIL);
    // THEN
    expect(found?.because).toEqual([
      { path: 'eventName', op: 'equals', value: 'B', actual: 'b' },
      { path: 'x', op: 'startswith', value: 'y', actual: 'yz' },
      { path: 'errorCode', op: 'not exists', value: 'true', actual: '(missing)' },
    ]);
  });

  test('shows of a list the value that matched, and long values shortened', () => {
    const [found] = match(
      compile('s:\n  a|contains: needle\ncondition: s'),
      { a: ['x', `needle${'y'.repeat(1000)}`] },
      CLOUDTRAIL,
    );
    expect(found?.because[0]?.actual).toMatch(/^needley+… \(1006 characters\)$/);
  });
});
