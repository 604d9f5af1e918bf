import { END_SHIFT, END_STEP } from './scan-hash';
import * as w from './wasm-encode';

const { vector: v, long } = w;

/** Bytes that are looked at in one turn. */
export const STRIDE = 64;
/** Turns after which a byte that counts braces could run over: each may add four. */
const MOST_TURNS = 31;

const LINE_FEED = 0x0a;
const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;

const [input, length, out, at, start, told, lines, count, place, open, turns] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
] as const;
const [hits, opening, closing, before] = [11, 12, 13, 14] as const;
const [bytes, braces, turn, feeds, counted] = [15, 16, 17, 18, 19] as const;

/** Places in memory, and how many bytes of a key's end are looked up. */
export interface EndTable {
  readonly table: number;
  readonly width: number;
}

/**
 * Goes through lines that end with a line feed: `run(start, length, out)` writes start and end of each line that may
 * match, or looks odd, to `out` as numbers of 32 bits; a third number is how many lines are before it. In front of
 * `out` it writes how many those were; returns how many lines there are.
 *
 * It stops at each quotation mark with a colon or white space behind it, at `\u` and at line feeds: the end of a key
 * is one of the first, in every spelling.
 */
export function scanLines(ends: EndTable): w.Func {
  const offsets = [0, 16, 32, 48];
  const body = [
    ...w.set(at, w.get(input)),
    ...w.set(start, w.get(input)),
    ...w.set(length, w.add(w.get(input), w.get(length))),
    ...w.loop(w.less(w.get(at), w.get(length)), [
      ...w.set(hits, long.number(0n)),
      ...w.set(turn, v.all(0)),
      ...w.set(feeds, v.all(0)),
      ...offsets.flatMap(lookAt),
      ...w.when(v.anySet(w.get(feeds)), bracesByBits(offsets), bracesByBytes),
      ...w.loop(w.isZero(long.isZero(w.get(hits))), [
        ...w.set(place, w.add(w.get(at), long.low(long.lowestBit(w.get(hits))))),
        ...w.set(hits, long.and(w.get(hits), long.sub(w.get(hits), long.number(1n)))),
        ...w.when(
          w.eq(w.load8(w.get(place)), w.number(LINE_FEED)),
          lineEnds,
          w.when(w.isZero(w.get(told)), stopAt(ends)),
        ),
      ]),
      // What is left of the turn belongs to the line that goes on.
      ...w.when(v.anySet(w.get(feeds)), countBraces(long.number(-1n))),
      ...w.set(at, w.add(w.get(at), w.number(STRIDE))),
    ]),
    // In front of what was written, so that both numbers can be had.
    ...w.store32(w.sub(w.sub(w.get(out), w.mul(w.get(count), w.number(12))), w.number(4)), w.get(count)),
    ...w.get(lines),
  ];
  return { parameters: 3, locals: 8, longs: 4, vectors: 5, body };
}

/** Sixteen bytes: where to stop, and braces by the byte (a comparison that holds is -1). */
function lookAt(offset: number): w.Code {
  const ahead = v.load(w.get(at), offset + 1);
  const is = (byte: number): w.Code => v.equal(w.get(bytes), v.all(byte));
  const stops = v.or(
    v.or(
      v.and(is(QUOTE), v.or(v.equal(ahead, v.all(COLON)), v.atMost(ahead, v.all(0x20)))),
      v.and(is(BACKSLASH), v.equal(ahead, v.all(0x75))),
    ),
    w.get(counted),
  );
  return [
    ...w.set(bytes, v.load(w.get(at), offset)),
    ...w.set(counted, is(LINE_FEED)),
    ...w.set(feeds, v.or(w.get(feeds), w.get(counted))),
    ...w.set(turn, v.sub(v.add(w.get(turn), is(CLOSE)), is(OPEN))),
    ...w.set(hits, long.or(w.get(hits), long.shl(long.of(v.bits(stops)), long.number(BigInt(offset))))),
  ];
}

/** The usual turn: the whole of it is one line. */
const bracesByBytes: w.Code = [
  ...w.set(braces, v.add(w.get(braces), w.get(turn))),
  ...w.set(turns, w.add(w.get(turns), w.number(1))),
  ...w.when(w.eq(w.get(turns), w.number(MOST_TURNS)), takeBraces()),
];

function takeBraces(): w.Code {
  return [
    ...w.set(counted, v.addPairs16(v.addPairs8(w.get(braces)))),
    ...w.set(
      open,
      [0, 1, 2, 3].reduce((sum, lane) => w.add(sum, v.lane32(w.get(counted), lane)), w.get(open)),
    ),
    ...w.set(braces, v.all(0)),
    ...w.set(turns, w.number(0)),
  ];
}

/** A turn in which a line ends: a bit for each brace, so that they can be told apart by where they stand. */
function bracesByBits(offsets: readonly number[]): w.Code {
  const bitsOf = (byte: number): w.Code =>
    offsets
      .map((offset) =>
        long.shl(long.of(v.bits(v.equal(v.load(w.get(at), offset), v.all(byte)))), long.number(BigInt(offset))),
      )
      .reduce((a, b) => long.or(a, b));
  return [...w.set(opening, bitsOf(OPEN)), ...w.set(closing, bitsOf(CLOSE))];
}

function countBraces(mask: w.Code): w.Code {
  const counted = (local: number): w.Code => long.low(long.countBits(long.and(w.get(local), mask)));
  return w.set(open, w.sub(w.add(w.get(open), counted(opening)), counted(closing)));
}

/** A key may end here. Whatever is no colon is told: white space before one, or an escaped letter. */
function stopAt({ table, width }: EndTable): w.Code {
  const end = w.shr(w.load32(w.sub(w.get(place), w.number(4))), w.number(8 * (4 - width)));
  const entry = w.load8(w.shr(w.mul(end, w.number(END_STEP)), w.number(END_SHIFT)), table);
  return w.when(
    w.ne(w.load8(w.get(place), 1), w.number(COLON)),
    w.set(told, w.number(1)),
    w.when(entry, w.set(told, w.call(1, w.get(place)))),
  );
}

const last = (offset: number): w.Code => w.load8(w.sub(w.get(place), w.number(offset)));
const endsWell = w.or(
  w.eq(last(1), w.number(CLOSE)),
  w.and(w.eq(last(1), w.number(0x0d)), w.eq(last(2), w.number(CLOSE))),
);
const beginsWell = w.eq(w.load8(w.get(start)), w.number(OPEN));

const lineEnds: w.Code = [
  ...takeBraces(),
  ...w.set(before, long.sub(long.shl(long.number(1n), long.of(w.sub(w.get(place), w.get(at)))), long.number(1n))),
  ...countBraces(w.get(before)),
  ...w.set(opening, long.and(w.get(opening), long.xor(w.get(before), long.number(-1n)))),
  ...w.set(closing, long.and(w.get(closing), long.xor(w.get(before), long.number(-1n)))),
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
