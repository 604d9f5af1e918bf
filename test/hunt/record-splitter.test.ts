import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BlockMaker } from '../../cli/hunt/blocks';
import { RecordSplitter } from '../../cli/hunt/record-splitter';
import type { JsonObject } from '../../lib/model/json';
import { spelled } from '../match/json-spelling';
import { records } from '../match/random';

/** The text in pieces of random length, as streams give it. */
function pieces(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const all: Buffer[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const length = lengths[i % lengths.length] ?? 1;
    all.push(bytes.subarray(at, at + length));
    at += length;
  }
  return all;
}

function split(
  bytes: Buffer,
  lengths: readonly number[],
  most = 1_000_000,
): { found: string[]; ended: boolean; told: string[] } {
  const found: string[] = [];
  const told: string[] = [];
  const splitter = new RecordSplitter(most, {
    record: (record) => found.push(record.toString('utf8')),
    tooLarge: () => told.push('too large'),
    stray: () => told.push('stray'),
  });
  for (const piece of pieces(bytes, lengths)) splitter.add(piece);
  return { found, ended: splitter.end(), told };
}

const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

test('records are found in every kind of document, however it is cut', () => {
  const documents = fc.tuple(
    fc.array(spelled(records), { maxLength: 5 }),
    fc.constantFrom('[', '{', ' ', '\n'),
    lengths,
  );
  fc.assert(
    fc.property(documents, ([all, kind, cuts]) => {
      const texts = all.map(({ text }) => text);
      const text =
        kind === '['
          ? `[${texts.join(',')}]`
          : kind === '{'
            ? `{"Records" : [${texts.join(' ,\n')}], "a": [{"b": 1}]}`
            : texts.join(kind);
      const { found, ended, told } = split(Buffer.from(text), cuts);
      expect(found.map((one) => JSON.parse(one) as JsonObject)).toEqual(all.map(({ record }) => record));
      expect(ended).toBe(true);
      expect(told).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('a record that is too large is left out, and what is around it is not', () => {
  const text = `[{"a":1},{"b":"${'x'.repeat(100)}"},{"c":3}]`;
  expect(split(Buffer.from(text), [7], 50)).toEqual({
    found: ['{"a":1}', '{"c":3}'],
    ended: true,
    told: ['too large'],
  });
});

test('any bytes are taken', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), lengths, (bytes, cuts) => {
      expect(split(Buffer.from(bytes), cuts).found.length).toBeLessThan(60);
    }),
  );
});

test('lines come out as they went in, however they are cut, and one that is too long is left out', () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-z]{0,12}$/), { minLength: 1, maxLength: 10 }),
      lengths,
      (lines, cuts) => {
        let out = '';
        let long = 0;
        const maker = new BlockMaker(
          // A limit for what has to be kept between pieces: a line in one piece is in memory already.
          8,
          (block) => (out += block.toString()),
          () => long++,
        );
        for (const piece of pieces(Buffer.from(`${lines.join('\n')}\n`), cuts)) maker.add(Buffer.from(piece));
        maker.end();
        const got = out.split('\n').slice(0, -1);
        expect(got.length + long).toBe(lines.length);
        expect(lines.filter((line) => line.length <= 8).every((line) => got.includes(line))).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});
