import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readRuleFiles } from '../../lib/detect/rule-files';
import type { JsonObject } from '../../lib/model/json';
import { compileRules, type Program } from '../../lib/sigma';
import { IndexedMatcher } from '../../lib/sigma/match/indexed-matcher';
import { Lines } from '../../lib/sigma/raw-text/lines';
import { RawShortcut } from '../../lib/sigma/raw-text/raw-shortcut';
import { corpusFiles, corpusLines, describeCorpus } from '../sigma/corpus';
import { CLOUDTRAIL, compile } from '../sigma/one-rule';
import { spelled } from './json-spelling';
import { conditions, records, rules } from './random';

/** Of each line, whether it has to be parsed. */
function parsedBy(shortcut: RawShortcut, lines: readonly (string | Buffer)[], useBlocks: boolean): boolean[] {
  const block = Buffer.concat(lines.map((line) => Buffer.concat([Buffer.from(line), Buffer.from('\n')])));
  const parsed = new Set<number>();
  new Lines(shortcut, useBlocks).each(block, ({ index }) => parsed.add(index));
  return lines.map((_, i) => parsed.has(i));
}

/**
 * By whole blocks, and never a line that plain JavaScript would have spared: what is sound for one is so for both. It
 * may spare more, since it knows long values by their beginning.
 */
function mayMatch(shortcut: RawShortcut, lines: readonly (string | Buffer)[]): boolean[] {
  const [plain = [], blocks = []] = [false, true].map((useBlocks) => parsedBy(shortcut, lines, useBlocks));
  expect(shortcut.blocks).toBeDefined();
  expect(blocks.filter((parsed, i) => parsed && plain[i] === false)).toEqual([]);
  return blocks;
}

function sound(program: Program, events: readonly { record: JsonObject; text: string }[]): void {
  const shortcut = RawShortcut.of([program], CLOUDTRAIL);
  if (shortcut === undefined) return;
  const matcher = new IndexedMatcher(program);
  const may = mayMatch(
    shortcut,
    events.map(({ text }) => text),
  );
  for (const [i, { record, text }] of events.entries()) {
    if (matcher.match(record, CLOUDTRAIL).length > 0 && may[i] === false)
      throw new Error(`a match is kept away: ${text}`);
  }
}

const one = (detection: string): RawShortcut => {
  const shortcut = RawShortcut.of([compile(detection)], CLOUDTRAIL);
  if (shortcut === undefined) throw new Error('no shortcut');
  return shortcut;
};

describe('the shortcut keeps no match away', () => {
  test('for random rules and random events in random spellings', () => {
    fc.assert(fc.property(rules, fc.array(spelled(records), { minLength: 1, maxLength: 8 }), sound), { numRuns: 700 });
  });

  test('for conditions of any shape', () => {
    fc.assert(fc.property(conditions, fc.array(spelled(records), { minLength: 1, maxLength: 8 }), sound), {
      numRuns: 700,
    });
  });

  test.each([
    ['so many braces too many that a byte cannot count them', `{"b":"${'{'.repeat(256)}"}`],
    ['as many, sixteen bytes apart', `{"b":"${`{${'x'.repeat(15)}`.repeat(256)}"}`],
    ['a long text before it', `{"b":"${'x'.repeat(5_000)}","eventName":"CreateUser"}`],
    ['an escape that is not needed', '{"eventName":"Create\\/User","b":"\\u0043"}'],
    ['as it is', '{"eventName":"CreateUser"}'],
    ['in another case', '{"eventName":"CREATEuser"}'],
    ['an escaped value', '{"eventName":"\\u0043reateUser"}'],
    ['an escaped key', '{"event\\u004Eame":"CreateUser"}'],
    ['white space', '{ "eventName" \t:\r "CreateUser" }'],
    ['nested below the path, so the parser must say', '{"a":{"eventName":"CreateUser"}}'],
    ['the key twice, the other first', '{"eventName":"x","eventName":"CreateUser"}'],
    ['the key twice, the other last', '{"eventName":"CreateUser","eventName":"x"}'],
    ['in an array', '{"eventName":["x","CreateUser"]}'],
    ['a text that looks like a key before it', '{"b":"eventName","eventName":"CreateUser"}'],
    ['braces that do not add up', '{"eventName":"x"'],
    ['a brace in a text', '{"eventName":"CreateUser","b":"}"}'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
  ])('%s', (_, line) => {
    const other = '{"eventName":"ListUsers","b":"eventName"}';
    const shortcut = one('s:\n  eventName: CreateUser\ncondition: s');
    for (const useBlocks of [true, false])
      expect(parsedBy(shortcut, [other, line, other], useBlocks)).toEqual([false, true, false]);
  });
});

describe('the shortcut knows what is inside a value', () => {
  const inside = (pattern: string, value: string): boolean[] =>
    mayMatch(one(`s:\n  ${pattern}\ncondition: s`), [JSON.stringify({ b: 'x', a: value, c: 'y' })]);

  test.each([0, 1, 7, 15, 16, 17, 31, 32, 33, 100])('%i characters behind its beginning', (before) => {
    expect(inside('a|contains: needle-in', `${'x'.repeat(before)}NEEDLE-in${'y'.repeat(before)}`)).toEqual([true]);
    expect(inside('a|contains: needle-in', `${'x'.repeat(before)}needle_in`)).toEqual([false]);
    expect(inside('a|contains: seed', `${'x'.repeat(before)}Seed`)).toEqual([true]);
  });

  test.each([1, 8, 31, 32, 33, 34, 200])('as a whole, where it has %i characters', (length) => {
    const value = 'aZ9-_@é'.repeat(30).slice(0, length);
    expect(inside(`a: '${value}'`, value.toUpperCase().replace('É', 'é'))).toEqual([true]);
    expect(inside(`a: '${value}'`, `#${value}`)).toEqual([false]);
  });

  test.each(['wxyzb*?cccc', 'wxyzb??cccc', 'wxyzb*cccc', 'wxyzb?cccc'])('by what %s must find', (regex) => {
    expect(inside(`a|re: '${regex}'`, 'wxyzcccc')).toEqual([true]);
  });
});

describe('the shortcut keeps away what cannot match', () => {
  test('by what else the rule needs', () => {
    const shortcut = one('s:\n  eventName: CreateUser\n  errorCode: AccessDenied\nn:\n  a: b\ncondition: s and not n');
    expect(
      mayMatch(shortcut, [
        '{"eventName":"CreateUser"}',
        '{"eventName":"CreateUser","errorCode":"Other"}',
        '{"eventName":"CreateUser","errorCode":"accessdenied"}',
      ]),
    ).toEqual([false, false, true]);
  });

  test('by any of several fields', () => {
    const shortcut = one('s:\n  a: x\nt:\n  b|startswith: y\ncondition: s or t');
    expect(mayMatch(shortcut, ['{"a":"y","b":"x"}', '{"b":"yes"}', '{"a":"X"}'])).toEqual([false, true, true]);
  });

  test('but not for rules that must see everything', () => {
    expect(RawShortcut.of([compile('k:\n  - word\ncondition: k')], CLOUDTRAIL)).toBeUndefined();
    expect(RawShortcut.of([compile('s:\n  a: null\ncondition: s')], CLOUDTRAIL)).toBeUndefined();
    expect(RawShortcut.of([compile('s:\n  a: x\ncondition: not s')], CLOUDTRAIL)).toBeUndefined();
  });
});

describeCorpus('the shortcut on the corpus', () => {
  test('keeps no match of the 57 rules and of ours away', () => {
    const { program } = compileRules([
      ...corpusFiles('sigma/aws', '.yml'),
      ...readRuleFiles(join(__dirname, '..', '..', 'rules')),
    ]);
    const events = [
      ...corpusLines('events/cloudtrail-noise.jsonl'),
      ...corpusLines('events/stratus-detonations.jsonl').map(({ event }) => event as JsonObject),
      ...corpusLines('events/panther-cloudtrail-tests.jsonl').map(({ log }) => log as JsonObject),
      ...corpusLines('events/cloudtrail-custodian.jsonl'),
    ];
    expect(RawShortcut.of([program], CLOUDTRAIL)).toBeDefined();
    sound(
      program,
      events.map((record) => ({ record, text: JSON.stringify(record) })),
    );
  });
});
