import * as w from './wasm-encode';

/** A key to be looked for. */
export interface ScanKey {
  readonly key: string;
  /** Where the bits of its values are in memory; undefined: a line that has the key is always told. */
  readonly values?: number;
  /** Where the bits of groups of so many bytes are, for texts that may stand inside a value. */
  readonly groups?: { readonly table: number; readonly width: 4 | 8 };
}

/** Bits of one table. */
export const TABLE_BITS = 17;
export const TABLE_BYTES = 2 ** TABLE_BITS / 8;
const MASK = 2 ** TABLE_BITS - 1;
export const HASH_START = 0x811c9dc5 | 0;
const HASH_STEP = 0x01000193;

/** As in the program, so that the tables can be filled. */
export function hashOf(folded: string): number {
  let hash = HASH_START;
  for (let i = 0; i < folded.length; i++) hash = Math.imul(hash ^ folded.charCodeAt(i), HASH_STEP);
  return (hash ^ (hash >>> 15)) & MASK;
}

/** Of four or eight characters. */
export function groupHash(folded: string): number {
  const word = (text: string): number => Array.from(text).reduce((bytes, char) => (bytes << 8) | char.charCodeAt(0), 0);
  const far = folded.length === 8 ? word(folded.slice(0, 4)) : 0;
  const group = Math.imul(Math.imul(far, HASH_STEP) ^ word(folded.slice(-4)), HASH_STEP);
  return (group ^ (group >>> 15)) & MASK;
}

const QUOTE = 0x22;

/**
 * The scanner: `run(start, length, out)` goes through lines that end with a line feed and writes start and end of each
 * one that may match, or looks odd, to `out` as numbers of 32 bits; a third number is how many lines are before it.
 * In front of `out` it writes how many those were; returns how many lines there are.
 */
export function scanProgram(keys: readonly ScanKey[]): Uint8Array<ArrayBuffer> {
  return w.moduleOf([scan(keys), check(keys)]);
}

function scan(keys: readonly ScanKey[]): w.Func {
  const [input, length, out, at, start, open, told, lines, lineFeeds, opening, closing, hits, before, place, count] =
    Array.from({ length: 15 }, (_, i) => i) as Numbers15;
  const vector = 15;
  const v = w.get(vector);
  const next = (offset: number, byte: number): w.Code => w.equalBytes(w.load16x8(w.get(at), offset), byte);
  const starts = keys.map(({ key }) => w.bothBytes(w.equalBytes(v, key.charCodeAt(0)), next(key.length, QUOTE)));
  // Rare, so what stands behind it is looked at only where there is one.
  const backslash = w.equalBytes(v, 0x5c);
  const braces = (mask: w.Code): w.Code =>
    w.set(
      open,
      w.sub(w.add(w.get(open), w.countBits(w.and(w.get(opening), mask))), w.countBits(w.and(w.get(closing), mask))),
    );
  const last = (offset: number): w.Code => w.load8(w.sub(w.get(place), w.number(offset)));
  const endsWell = w.or(
    w.eq(last(1), w.number(0x7d)),
    w.and(w.eq(last(1), w.number(0x0d)), w.eq(last(2), w.number(0x7d))),
  );
  const beginsWell = w.eq(w.load8(w.get(start)), w.number(0x7b));
  const lineEnds = [
    ...w.set(before, w.sub(w.shl(w.number(1), w.sub(w.get(place), w.get(at))), w.number(1))),
    ...braces(w.get(before)),
    ...w.set(opening, w.and(w.get(opening), w.xor(w.get(before), w.number(-1)))),
    ...w.set(closing, w.and(w.get(closing), w.xor(w.get(before), w.number(-1)))),
    ...w.when(w.or(w.or(w.get(told), w.get(open)), w.isZero(w.and(beginsWell, endsWell))), [
      ...w.store32(w.get(out), w.sub(w.get(start), w.get(input)), 0),
      ...w.store32(w.get(out), w.sub(w.get(place), w.get(input)), 4),
      ...w.store32(w.get(out), w.get(lines), 8),
      ...w.set(out, w.add(w.get(out), w.number(12))),
      ...w.set(count, w.add(w.get(count), w.number(1))),
    ]),
    ...w.set(start, w.add(w.get(place), w.number(1))),
    ...w.set(lines, w.add(w.get(lines), w.number(1))),
    ...w.set(open, w.number(0)),
    ...w.set(told, w.number(0)),
  ];
  const isLineFeed = w.eq(w.load8(w.get(place)), w.number(0x0a));
  const body = [
    ...w.set(at, w.get(input)),
    ...w.set(start, w.get(input)),
    ...w.set(length, w.add(w.get(input), w.get(length))),
    ...w.loop(w.less(w.get(at), w.get(length)), [
      ...w.load16x8(w.get(at)),
      ...[0x21, vector],
      ...w.set(lineFeeds, w.bits(w.equalBytes(v, 0x0a))),
      ...w.set(opening, w.bits(w.equalBytes(v, 0x7b))),
      ...w.set(closing, w.bits(w.equalBytes(v, 0x7d))),
      ...w.set(hits, w.or(w.get(lineFeeds), w.bits(starts.reduce((a, b) => w.eitherByte(a, b), backslash)))),
      ...w.loop(w.get(hits), [
        ...w.set(place, w.add(w.get(at), w.lowestBit(w.get(hits)))),
        ...w.set(hits, w.and(w.get(hits), w.sub(w.get(hits), w.number(1)))),
        ...w.when(isLineFeed, lineEnds, w.when(w.isZero(w.get(told)), w.set(told, w.call(1, w.get(place))))),
      ]),
      ...braces(w.number(0xffff)),
      ...w.set(at, w.add(w.get(at), w.number(16))),
    ]),
    // In front of what was written, so that both numbers can be had.
    ...w.store32(w.sub(w.sub(w.get(out), w.mul(w.get(count), w.number(12))), w.number(4)), w.get(count)),
    ...w.get(lines),
  ];
  return { parameters: 3, locals: 12, vectors: 1, body };
}

type Numbers15 = [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

/** Whether a place that looks like a key, or is `\u`, makes the line one to be told. */
function check(keys: readonly ScanKey[]): w.Func {
  const [place, value, byte, hash, group, found, far] = [0, 1, 2, 3, 4, 5, 6] as const;
  const bit = (table: number, mixed: w.Code): w.Code => {
    const masked = w.and(mixed, w.number(MASK));
    return w.and(w.shr(w.load8(w.shr(masked, w.number(3)), table), w.and(masked, w.number(7))), w.number(1));
  };
  const mixed = (local: number): w.Code => w.xor(w.get(local), w.shr(w.get(local), w.number(15)));
  const upper = w.less(w.sub(w.get(byte), w.number(0x41)), w.number(26));
  const odd = w.or(
    w.eq(w.get(byte), w.number(0x5c)),
    w.isZero(w.less(w.sub(w.get(byte), w.number(0x20)), w.number(0x60))),
  );
  const readValue = ({ values, groups }: ScanKey): w.Code => {
    if (values === undefined) return w.result(w.number(1));
    return [
      // In the usual spelling only; the others are told, and looked at by who is told.
      ...w.when(w.ne(w.load8(w.get(value), 0), w.number(0x3a)), w.result(w.number(1))),
      ...w.when(w.ne(w.load8(w.get(value), 1), w.number(QUOTE)), w.result(w.number(1))),
      ...w.set(value, w.add(w.get(value), w.number(2))),
      ...w.set(hash, w.number(HASH_START)),
      ...w.set(group, w.number(0)),
      ...w.set(far, w.number(0)),
      ...w.loop(w.number(1), [
        ...w.set(byte, w.load8(w.get(value))),
        ...w.when(w.eq(w.get(byte), w.number(QUOTE)), w.leave(2)),
        ...w.when(odd, w.result(w.number(1))),
        ...w.when(upper, w.set(byte, w.or(w.get(byte), w.number(0x20)))),
        ...w.set(hash, w.mul(w.xor(w.get(hash), w.get(byte)), w.number(HASH_STEP))),
        ...(groups === undefined
          ? []
          : [
              ...(groups.width === 8
                ? w.set(far, w.or(w.shl(w.get(far), w.number(8)), w.shr(w.get(group), w.number(24))))
                : []),
              ...w.set(group, w.or(w.shl(w.get(group), w.number(8)), w.get(byte))),
              ...w.set(found, w.mul(w.xor(w.mul(w.get(far), w.number(HASH_STEP)), w.get(group)), w.number(HASH_STEP))),
              ...w.when(bit(groups.table, mixed(found)), w.result(w.number(1))),
            ]),
        ...w.set(value, w.add(w.get(value), w.number(1))),
      ]),
      ...w.when(bit(values, mixed(hash)), w.result(w.number(1))),
    ];
  };
  /** Four bytes at a time, the last four once more where the length is no multiple; most places fail the first. */
  const whenKey = ({ key }: ScanKey, then: w.Code): w.Code => {
    const bytes = Array.from(`${key}"`, (char) => char.charCodeAt(0));
    const word = (offset: number): number =>
      [3, 2, 1, 0].reduce((value, i) => (value << 8) | (bytes[offset + i] ?? 0), 0);
    if (bytes.length < 4) {
      const same = bytes.map((one, i) => w.eq(w.load8(w.get(place), i), w.number(one)));
      return w.when(
        same.reduce((a, b) => w.and(a, b)),
        then,
      );
    }
    const offsets = Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => i * 4);
    if (bytes.length % 4 !== 0) offsets.push(bytes.length - 4);
    return offsets.reduceRight(
      (inner, offset) => w.when(w.eq(w.load32(w.get(place), offset), w.number(word(offset))), inner),
      then,
    );
  };
  return {
    parameters: 1,
    locals: 6,
    vectors: 0,
    body: [
      ...w.when(w.eq(w.load8(w.get(place)), w.number(0x5c)), w.result(w.eq(w.load8(w.get(place), 1), w.number(0x75)))),
      ...keys.flatMap((key) =>
        whenKey(key, [...w.set(value, w.add(w.get(place), w.number(key.key.length + 1))), ...readValue(key)]),
      ),
      ...w.number(0),
    ],
  };
}
