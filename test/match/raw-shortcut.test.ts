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

/**
 * Of each line, whether both ways say that it has to be parsed: in plain JavaScript, and by whole blocks. They agree but
 * where a value is not ASCII, of which the plain way knows nothing, and the blocks that it is none of those looked for.
 */
function mayMatch(shortcut: RawShortcut, lines: readonly (string | Buffer)[]): boolean[] {
  const block = Buffer.concat(lines.map((line) => Buffer.concat([Buffer.from(line), Buffer.from('\n')])));
  const [plain, blocks] = [false, true].map((useBlocks) => {
    const parsed = new Set<number>();
    new Lines(shortcut, useBlocks).each(block, ({ index }) => parsed.add(index));
    return lines.map((_, i) => parsed.has(i));
  });
  expect(shortcut.blocks).toBeDefined();
  const both = lines.map((_, i) => plain?.[i] === true && blocks?.[i] === true);
  for (const [i, line] of lines.entries()) {
    if (Buffer.from(line).every((byte) => byte < 128)) expect(blocks?.[i]).toBe(plain?.[i]);
  }
  return both;
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
    expect(mayMatch(one('s:\n  eventName: CreateUser\ncondition: s'), [other, line, other])).toEqual([
      false,
      true,
      false,
    ]);
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
