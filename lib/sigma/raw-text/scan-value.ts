import { FOLD, HASH_SHIFT, HASH_STEP, HASHED } from './scan-hash';
import * as w from './wasm-encode';

/** A key to be looked for. Places are in memory. */
export interface ScanKey {
  readonly key: string;
  /** Where the bits of its values are; undefined: a line that has the key is always told. */
  readonly values?: number;
  /** Texts of one length, small letters, that may stand inside a value. */
  readonly groups?: readonly string[];
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const { vector: v, long } = w;

const [quote, value, ending, far, length] = [0, 1, 2, 3, 4] as const;
const hash = 5;
const [near, next] = [6, 7] as const;

/**
 * Whether the key that ends at `quote`, before a colon, has a value for which the line is to be told.
 *
 * @param masks in memory: as many bytes of ones as are hashed, then as many zeros
 */
export function checkKey(keys: readonly ScanKey[], masks: number): w.Func {
  return {
    parameters: 1,
    locals: 4,
    longs: 1,
    vectors: 2,
    body: [...keys.flatMap((key) => whenKey(key, readValue(key, masks))), ...w.number(0)],
  };
}

/** Four bytes at a time, the last four once more where the length is no multiple; most places fail the first. */
function whenKey({ key }: ScanKey, then: w.Code): w.Code {
  const bytes = Buffer.from(key, 'latin1');
  const start = w.sub(w.get(quote), w.number(bytes.length));
  const offsets = Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => i * 4);
  if (bytes.length > 4 && bytes.length % 4 !== 0) offsets.push(bytes.length - 4);
  const tests =
    bytes.length < 4
      ? [...bytes].map((byte, i) => w.eq(w.load8(start, i), w.number(byte)))
      : offsets.reverse().map((offset) => w.eq(w.load32(start, offset), w.number(bytes.readInt32LE(offset))));
  return tests.reduceRight((inner, test) => w.when(test, inner), then);
}

function readValue({ values, groups }: ScanKey, masks: number): w.Code {
  const told = w.result(w.number(1));
  if (values === undefined) return told;
  return [
    // In the usual spelling only; the others are told, and looked at by who is told.
    ...w.when(w.ne(w.load8(w.get(quote), 2), w.number(QUOTE)), told),
    ...w.set(value, w.add(w.get(quote), w.number(3))),
    ...hashValue(masks),
    ...w.when(bitOf(values), told),
    ...(groups === undefined ? [] : lookInside(groups)),
  ];
}

/** The first bytes of the value, folded, and zeros behind its end. An escape among them is told. */
function hashValue(masks: number): w.Code {
  const endIn = (bytes: w.Code): w.Code => v.bits(v.or(v.equal(bytes, v.all(QUOTE)), v.equal(bytes, v.all(BACKSLASH))));
  const folded = (local: number, offset: number): w.Code =>
    v.and(v.or(w.get(local), v.all(FOLD)), v.load(w.sub(w.number(masks + HASHED), w.get(length)), offset));
  const mixed = (so: w.Code, lanes: w.Code): w.Code => long.mul(long.xor(so, lanes), long.number(STEP));
  const lanes = [near, next].flatMap((local) => [0, 1].map((lane) => v.lane64(w.get(local), lane)));
  return [
    ...w.set(near, v.load(w.get(value))),
    ...w.set(next, v.load(w.get(value), 16)),
    ...w.set(ending, w.or(endIn(w.get(near)), w.shl(endIn(w.get(next)), w.number(16)))),
    ...w.set(length, w.number(HASHED)),
    ...w.when(w.get(ending), [
      ...w.set(length, w.lowestBit(w.get(ending))),
      ...w.when(w.eq(w.load8(w.add(w.get(value), w.get(length))), w.number(BACKSLASH)), w.result(w.number(1))),
    ]),
    ...w.set(near, folded(near, 0)),
    ...w.set(next, folded(next, 16)),
    ...w.set(hash, lanes.reduce(mixed, long.number(0n))),
  ];
}

const STEP = BigInt.asIntN(64, HASH_STEP);

function bitOf(table: number): w.Code {
  const bit = long.low(long.shr(w.get(hash), long.number(HASH_SHIFT)));
  return [
    ...w.set(far, bit),
    ...w.and(w.shr(w.load8(w.shr(w.get(far), w.number(3)), table), w.and(w.get(far), w.number(7))), w.number(1)),
  ];
}

/**
 * Looks for all texts at once: by each half of each of their bytes, for eight sets of texts (Hyperscan's "Teddy").
 * More sets in a bit tell more lines, never fewer.
 */
function lookInside(groups: readonly string[]): w.Code {
  const width = groups[0]?.length ?? 0;
  const low = v.all(0x0f);
  const fits = Array.from({ length: width }, (_, i) => {
    const bytes = v.load(w.get(value), i);
    return v.and(
      v.select(v.bytes(halves(groups, i, (byte) => byte & 15)), v.and(bytes, low)),
      v.select(v.bytes(halves(groups, i, (byte) => byte >> 4)), v.shiftRight(bytes, w.number(4))),
    );
  }).reduce((a, b) => v.and(a, b));
  // Up to the quotation mark; all bits where there is none.
  const before = w.sub(w.and(w.get(ending), w.sub(w.number(0), w.get(ending))), w.number(1));
  return w.loop(w.number(1), [
    ...w.set(near, v.load(w.get(value))),
    ...w.set(ending, v.bits(v.equal(w.get(near), v.all(QUOTE)))),
    ...w.set(near, v.or(v.equal(w.get(near), v.all(BACKSLASH)), v.differ(fits, v.all(0)))),
    ...w.when(w.and(v.bits(w.get(near)), before), w.result(w.number(1))),
    ...w.when(w.get(ending), w.leave(2)),
    ...w.set(value, w.add(w.get(value), w.number(16))),
  ]);
}

/** For each half of a byte, the sets with a text that has it there, in either case. */
function halves(groups: readonly string[], at: number, half: (byte: number) => number): number[] {
  const table = Array<number>(16).fill(0);
  for (const [i, text] of groups.entries()) {
    for (const char of [text[at] ?? '', text[at]?.toUpperCase() ?? '']) {
      const place = half(char.charCodeAt(0));
      table[place] = (table[place] ?? 0) | (1 << (i % 8));
    }
  }
  return table;
}
