/** Instructions of WebAssembly as bytes, as far as the scanner needs them. Source: WebAssembly core specification 2.0. */
export type Code = readonly number[];

export const get = (local: number): Code => [0x20, local];
export const set = (local: number, value: Code): Code => [...value, 0x21, local];
export const number = (value: number): Code => [0x41, ...signed(value)];

const two =
  (op: number) =>
  (a: Code, b: Code): Code => [...a, ...b, op];
const one =
  (op: number) =>
  (a: Code): Code => [...a, op];

export const add = two(0x6a);
export const sub = two(0x6b);
export const mul = two(0x6c);
export const and = two(0x71);
export const or = two(0x72);
export const shl = two(0x74);
export const shr = two(0x76);
export const eq = two(0x46);
export const ne = two(0x47);
export const less = two(0x49);
export const isZero = one(0x45);
export const lowestBit = one(0x68);

/** The same for 64 bits. */
export const long = {
  number: (value: bigint): Code => [0x42, ...signedLong(value)],
  of: one(0xad),
  low: one(0xa7),
  add: two(0x7c),
  sub: two(0x7d),
  mul: two(0x7e),
  and: two(0x83),
  or: two(0x84),
  xor: two(0x85),
  shl: two(0x86),
  shr: two(0x88),
  isZero: one(0x50),
  lowestBit: one(0x7a),
  countBits: one(0x7b),
} as const;

export const load8 = (at: Code, offset = 0): Code => [...at, 0x2d, 0, ...unsigned(offset)];
export const load32 = (at: Code, offset = 0): Code => [...at, 0x28, 0, ...unsigned(offset)];
export const store32 = (at: Code, value: Code, offset = 0): Code => [...at, ...value, 0x36, 0, ...unsigned(offset)];

const vectorOp =
  (op: number) =>
  (...of: readonly Code[]): Code => [...of.flat(), 0xfd, ...unsigned(op)];

/** Sixteen bytes at once. A comparison gives bytes that are all ones, which is -1, or zero. */
export const vector = {
  load: (at: Code, offset = 0): Code => [...at, 0xfd, 0, 0, ...unsigned(offset)],
  bytes: (of: readonly number[]): Code => [0xfd, 12, ...of],
  all: (byte: number): Code => [0xfd, 12, ...Array<number>(16).fill(byte)],
  select: vectorOp(14),
  equal: vectorOp(35),
  differ: vectorOp(36),
  atMost: vectorOp(42),
  and: vectorOp(78),
  or: vectorOp(80),
  anySet: vectorOp(83),
  /** A bit for each byte, its highest. */
  bits: vectorOp(100),
  shiftRight: vectorOp(109),
  add: vectorOp(110),
  sub: vectorOp(113),
  /** Neighbours added, as signed numbers of twice the width. */
  addPairs8: vectorOp(124),
  addPairs16: vectorOp(126),
  lane32: (of: Code, lane: number): Code => [...of, 0xfd, 27, lane],
  lane64: (of: Code, lane: number): Code => [...of, 0xfd, 29, lane],
} as const;

export const when = (condition: Code, then: Code, otherwise: Code = []): Code =>
  otherwise.length === 0
    ? [...condition, 0x04, 0x40, ...then, 0x0b]
    : [...condition, 0x04, 0x40, ...then, 0x05, ...otherwise, 0x0b];
/** Again and again while the condition holds. Inside, `leave(depth)` counts one for each `when` around it. */
export const loop = (condition: Code, body: Code): Code => [
  ...[0x02, 0x40, 0x03, 0x40],
  ...isZero(condition),
  ...[0x0d, 1],
  ...body,
  ...[0x0c, 0, 0x0b, 0x0b],
];
/** Ends the loop. 1 right inside it, one more for each `when` between. */
export const leave = (depth: number): Code => [0x0c, depth];
export const result = (value: Code): Code => [...value, 0x0f];

/** A function of numbers (i32) to a number. Its locals: parameters, further numbers, numbers of 64 bits, vectors. */
export interface Func {
  readonly parameters: number;
  readonly locals: number;
  readonly longs: number;
  readonly vectors: number;
  readonly body: Code;
}

/** A module that imports `env.memory` and exports `run`, the first function. Function n is called by `call(n, …)`. */
export function moduleOf(functions: readonly Func[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [0x60, ...list(Array<number[]>(parameters).fill([0x7f])), 1, 0x7f]);
  const codes = functions.map(({ locals, longs, vectors, body }) => {
    const code = [
      ...list([
        [...unsigned(locals), 0x7f],
        [...unsigned(longs), 0x7e],
        [...unsigned(vectors), 0x7b],
      ]),
      ...body,
      0x0b,
    ];
    return [...unsigned(code.length), ...code];
  });
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list(types)),
    ...section(2, list([[...name('env'), ...name('memory'), 2, 0, 1]])),
    ...section(3, list(functions.map((_, i) => unsigned(i)))),
    ...section(7, list([[...name('run'), 0, 0]])),
    ...section(10, list(codes)),
  ]);
}

export const call = (func: number, ...parameters: readonly Code[]): Code => [...parameters.flat(), 0x10, func];

const section = (id: number, content: Code): Code => [id, ...unsigned(content.length), ...content];
const list = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()];
const name = (text: string): Code => list(Array.from(text, (char) => [char.charCodeAt(0)]));

function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signedLong(value: bigint): number[] {
  const low = Number(BigInt.asUintN(7, value));
  const rest = value >> 7n;
  return (rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0)
    ? [low]
    : [low | 0x80, ...signedLong(rest)];
}

function signed(value: number): number[] {
  const low = value & 0x7f;
  const rest = value >> 7;
  return (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)
    ? [low]
    : [low | 0x80, ...signed(rest)];
}
