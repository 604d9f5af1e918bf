import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { emitProgram, Matcher, type Program } from '../../lib/sigma';
import { IndexedMatcher } from '../../lib/sigma/match/indexed-matcher';
import { Lines } from '../../lib/sigma/raw-text/lines';
import { RawShortcut } from '../../lib/sigma/raw-text/raw-shortcut';
import { spelled } from '../match/json-spelling';
import { conditions, records, rules } from '../match/random';
import { loadProgram } from '../sigma/load-program';
import { CLOUDTRAIL } from '../sigma/one-rule';
import type { Properties } from './targets';

type Spelled = readonly { readonly record: Parameters<Matcher['match']>[0]; readonly text: string }[];

/** The whole way of an event, text in and matches out, against the interpreter that parses everything. */
export function eventProperties(): Properties {
  const events = fc.array(spelled(records), { minLength: 1, maxLength: 12 });
  const noise = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), { maxLength: 6 });
  return {
    'random rules': fc.property(rules, events, agree),
    'conditions of any shape': fc.property(conditions, events, agree),
    'lines of anything': fc.property(rules, noise, harmless),
  };
}

function agree(program: Program, events: Spelled): void {
  const plain = new Matcher(program);
  const indexed = new IndexedMatcher(loadProgram(emitProgram(program)));
  const block = Buffer.from(events.map(({ text }) => `${text}\n`).join(''));
  const expected = events.map(({ record }) =>
    plain.match(record, CLOUDTRAIL).map(({ rule, because }) => [rule.id, because]),
  );
  const shortcut = RawShortcut.of([program], CLOUDTRAIL);
  for (const lines of [new Lines(undefined), new Lines(shortcut, false), new Lines(shortcut)]) {
    const found: unknown[] = events.map(() => []);
    lines.each(block, ({ text, index }) => {
      const record = JSON.parse(text) as Spelled[number]['record'];
      found[index] = indexed.match(record, CLOUDTRAIL).map(({ rule, because }) => [rule.id, because]);
    });
    if (lines.seen !== events.length) throw new Error(`${lines.seen} lines of ${events.length} were seen`);
    if (!isDeepStrictEqual(found, expected))
      throw new Error(`found ${JSON.stringify(found)}, the interpreter ${JSON.stringify(expected)}`);
  }
}

/** Lines that are no records are handed out or passed over, the same by whole blocks and one at a time. */
function harmless(program: Program, texts: readonly string[]): void {
  const shortcut = RawShortcut.of([program], CLOUDTRAIL);
  const block = Buffer.from(texts.join('\n'));
  const [one, whole] = [false, true].map((useBlocks) => {
    const told: unknown[] = [];
    const lines = new Lines(shortcut, useBlocks);
    lines.each(block, ({ text, index, utf8 }) => told.push([text, index, utf8]));
    return [lines.seen, told];
  });
  if (!isDeepStrictEqual(one, whole)) throw new Error(`${JSON.stringify(one)} is not ${JSON.stringify(whole)}`);
}
