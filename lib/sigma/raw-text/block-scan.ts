import type { KeyNeed } from './needs';
import { knownBy } from './known-by';
import { ENDS_BYTES, endHash, HASHED, hashOf, TABLE_BYTES } from './scan-hash';
import { scanLines, STRIDE } from './scan-lines';
import { checkKey, type ScanKey } from './scan-value';
import { moduleOf } from './wasm-encode';

interface Memory {
  readonly buffer: ArrayBuffer;
}
/** What is used of WebAssembly, whose types come with those of browsers only. */
interface Wasm {
  readonly Memory: new (size: { readonly initial: number }) => Memory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, unknown>> };
  readonly CompileError: new () => Error;
}
const wasm = (globalThis as unknown as { readonly WebAssembly: Wasm }).WebAssembly;

/** Larger blocks are looked through in plain JavaScript. */
const MOST = 256 * 1024;
const PAGE = 65_536;
/** Zeros around the input: the scanner looks a few bytes ahead and behind. */
const MARGIN = 4 * STRIDE;
/** More keys would be more comparisons than they save. */
const MAX_KEYS = 12;
/** Of a longer key, what is before it could lie outside of the margin. */
const LONGEST_KEY = 128;
/** So many bytes before a closing quotation mark tell whether a key ends there that is worth a look. */
const END = 4;

/** A key with what may stand behind it. */
export interface ScannedKey {
  readonly key: string;
  readonly leads: readonly KeyNeed[];
}

/** A line as the scanner tells it: where it is, and how many lines are before it. */
export type Told = (start: number, end: number, before: number) => void;

/**
 * Goes through whole blocks at once in WebAssembly, sixteen bytes at a time, and tells the lines that may match. Tells
 * more than `RawShortcut` would let through, never less: it knows values by their hashes, and leaves every unusual
 * spelling to the one that asks next.
 */
export class BlockScan {
  readonly #memory: Memory;
  readonly #bytes: Uint8Array;
  readonly #run: (start: number, length: number, out: number) => number;
  readonly #input: number;
  readonly #out: number;

  private constructor(memory: Memory, program: Uint8Array<ArrayBuffer>, input: number, out: number) {
    this.#memory = memory;
    this.#bytes = new Uint8Array(memory.buffer);
    this.#input = input;
    this.#out = out;
    const instance = new wasm.Instance(new wasm.Module(program), { env: { memory } });
    this.#run = instance.exports.run as (start: number, length: number, out: number) => number;
  }

  /** Undefined where the machine has no vectors, or the keys are too many. */
  static of(keys: readonly ScannedKey[], alwaysParse: readonly string[]): BlockScan | undefined {
    const names = [...keys.map(({ key }) => key), ...alwaysParse];
    if (names.length > MAX_KEYS || names.some((key) => key === '' || key.length > LONGEST_KEY)) return undefined;
    const layout = new Layout();
    const scanned = keys.map(({ key, leads }): ScanKey => {
      const known = leads.flatMap(({ atoms }) => atoms).map(knownBy);
      if (known.some((one) => one === undefined)) return { key };
      const texts = known.flatMap((one) => (one !== undefined && 'group' in one ? [one.group] : []));
      const width = texts.every((text) => text.length === 8) ? 8 : 4;
      const groups = texts.map((text) => text.slice(0, width));
      const values = known.flatMap((one) => (one !== undefined && 'whole' in one ? [hashOf(one.whole)] : []));
      return { key, values: layout.place(bitTable(values)), ...(groups.length > 0 && { groups }) };
    });
    const width = Math.min(END, ...names.map(({ length }) => length));
    const table = layout.place(endTable(names, width));
    const masks = layout.place(Uint8Array.from({ length: 2 * HASHED }, (_, i) => (i < HASHED ? 0xff : 0)));
    const input = layout.size + MARGIN;
    const out = input + MOST + MARGIN;
    // A line takes at least one byte and twelve of output.
    const memory = new wasm.Memory({ initial: Math.ceil((out + 12 * (MOST + 2)) / PAGE) });
    layout.writeTo(memory);
    const all = [...scanned, ...alwaysParse.map((key) => ({ key }))];
    const program = moduleOf([scanLines({ table, width }), checkKey(all, masks)]);
    try {
      return new BlockScan(memory, program, input, out);
    } catch (error) {
      if (error instanceof wasm.CompileError) return undefined;
      throw error;
    }
  }

  /** How many lines there are, after telling those that may match; undefined where the block is too large. */
  scan(block: Uint8Array, told: Told): number | undefined {
    if (block.length > MOST) return undefined;
    this.#bytes.set(block, this.#input);
    // The last line may lack its line feed; behind it is nothing of the block before.
    const whole = block[block.length - 1] === 0x0a;
    const end = this.#input + block.length;
    if (!whole) this.#bytes[end] = 0x0a;
    this.#bytes.fill(0, end + (whole ? 0 : 1), end + MARGIN);
    const lines = this.#run(this.#input, block.length + (whole ? 0 : 1), this.#out);
    const [count = 0] = new Int32Array(this.#memory.buffer, this.#out - 4, 1);
    const found = new Int32Array(this.#memory.buffer, this.#out, count * 3);
    for (let i = 0; i < found.length; i += 3) told(found[i] ?? 0, found[i + 1] ?? 0, found[i + 2] ?? 0);
    return lines;
  }
}

/** Tables one behind the other. */
class Layout {
  size = 0;
  readonly #tables: { readonly at: number; readonly bytes: Uint8Array }[] = [];

  place(bytes: Uint8Array): number {
    const at = this.size;
    this.#tables.push({ at, bytes });
    this.size += bytes.length;
    return at;
  }

  writeTo(memory: Memory): void {
    const all = new Uint8Array(memory.buffer);
    for (const { at, bytes } of this.#tables) all.set(bytes, at);
  }
}

function bitTable(bits: readonly number[]): Uint8Array {
  const table = new Uint8Array(TABLE_BYTES);
  for (const bit of bits) table[bit >> 3] = (table[bit >> 3] ?? 0) | (1 << (bit & 7));
  return table;
}

/** A byte for each end that a key may have. */
function endTable(keys: readonly string[], width: number): Uint8Array {
  const table = new Uint8Array(ENDS_BYTES);
  for (const key of keys) {
    const end = Buffer.from(key.slice(-width), 'latin1');
    table[endHash(end.readUIntLE(0, width))] = 1;
  }
  return table;
}
