import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readRuleFiles } from '../../lib/detect/rule-files';
import type { JsonObject } from '../../lib/model/json';
import { compileRules, emitProgram, Matcher, type Program } from '../../lib/sigma';
import { foldAscii } from '../../lib/sigma/fold';
import { IndexedMatcher } from '../../lib/sigma/match/indexed-matcher';
import { Literals } from '../../lib/sigma/match/literals';
import { corpusFiles, corpusLines, describeCorpus } from '../sigma/corpus';
import { loadProgram } from '../sigma/load-program';
import { CLOUDTRAIL, compile } from '../sigma/one-rule';
import { conditions, records, rules } from './random';

const seen = (matches: ReturnType<Matcher['match']>): unknown => matches.map(({ rule, because }) => [rule.id, because]);

function agrees(program: Program, events: readonly JsonObject[]): void {
  const plain = new Matcher(program);
  const indexed = new IndexedMatcher(loadProgram(emitProgram(program)));
  for (const event of events)
    expect(seen(indexed.match(event, CLOUDTRAIL))).toEqual(seen(plain.match(event, CLOUDTRAIL)));
}

describe('the indexed matcher and the interpreter say the same', () => {
  test('for random rules and random events, also in their reasons', () => {
    fc.assert(fc.property(rules, fc.array(records, { maxLength: 8 }), agrees), { numRuns: 500 });
  });

  test('for conditions of any shape', () => {
    fc.assert(fc.property(conditions, fc.array(records, { maxLength: 8 }), agrees), { numRuns: 500 });
  });

  test('for every log source', () => {
    const { program } = compileRules(readRuleFiles(join(__dirname, '..', '..', 'rules')));
    const plain = new Matcher(program);
    const indexed = new IndexedMatcher(program);
    const record = { message: '${jndi:ldap://x}', type: 'X:Y/Z', severity: 8, eventName: 'StopLogging' };
    for (const product of ['aws', 'AWS', 'application', undefined]) {
      for (const service of ['cloudtrail', 'guardduty', undefined]) {
        const logsource = { ...(product !== undefined && { product }), ...(service !== undefined && { service }) };
        expect(seen(indexed.match(record, logsource))).toEqual(seen(plain.match(record, logsource)));
      }
    }
  });
});

describeCorpus('the indexed matcher on the corpus', () => {
  test('finds with all rules what the interpreter finds', () => {
    const files = [
      ...corpusFiles('sigma/aws', '.yml'),
      ...corpusFiles('sigma/other', '.yml'),
      ...readRuleFiles(join(__dirname, '..', '..', 'rules')),
    ];
    const { program } = compileRules(files);
    agrees(program, [
      ...corpusLines('events/cloudtrail-noise.jsonl'),
      ...corpusLines('events/stratus-detonations.jsonl').map(({ event }) => event as JsonObject),
      ...corpusLines('events/panther-cloudtrail-tests.jsonl').map(({ log }) => log as JsonObject),
      ...corpusLines('events/cloudtrail-custodian.jsonl'),
    ]);
  });
});

test('many literals are found in one pass exactly where one of them is', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é', '💥'), maxLength: 12 });
  fc.assert(
    fc.property(fc.array(letters, { maxLength: 8 }), letters, (literals, text) => {
      expect(new Literals(literals).anyIn(text)).toBe(literals.some((literal) => text.includes(literal)));
    }),
    { numRuns: 2_000 },
  );
});

test('a field with many spellings does not fill the memory', () => {
  const matcher = new IndexedMatcher(compile('s:\n  eventName: CreateUser\ncondition: s'));
  for (let i = 0; i < 10_000; i++) expect(matcher.match({ eventName: `x${i}` }, CLOUDTRAIL)).toEqual([]);
  expect(matcher.match({ eventName: foldAscii('CREATEUSER') }, CLOUDTRAIL)).toHaveLength(1);
});

test('a list of many values is one question, cased or not', () => {
  const names = Array.from({ length: 50 }, (_, i) => `Name${i}`).join(', ');
  const folded = compile(`s:\n  a|contains: [${names}]\ncondition: s`);
  const cased = compile(`s:\n  a|contains|cased: [${names}]\ncondition: s`);
  expect(new IndexedMatcher(folded).match({ a: 'xNAME7y' }, CLOUDTRAIL)).toHaveLength(1);
  expect(new IndexedMatcher(cased).match({ a: 'xNAME7y' }, CLOUDTRAIL)).toEqual([]);
  expect(new IndexedMatcher(cased).match({ a: ['x', { b: 'Name7' }] }, CLOUDTRAIL)).toHaveLength(1);
});
