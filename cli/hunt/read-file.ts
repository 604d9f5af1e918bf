import { closeSync, openSync, readSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { CHUNK } from './blocks';

/** Unpacked at once; a gzip bomb makes a thousand times as much of it. */
const PACKED_CHUNK = 16 * 1024;

/**
 * Reads a file or standard input piece by piece, unpacking gzip. The memory of a piece is used again.
 *
 * @throws Error where it cannot be read or gzip is damaged; the pieces before were given
 */
export async function readFile(
  path: string,
  range: { readonly start: number; readonly end: number } | undefined,
  use: (chunk: Buffer) => Promise<void> | void,
): Promise<void> {
  const pieces = path === '-' ? standardInput() : piecesOf(path, range);
  let gunzip: Gunzip | undefined;
  let first = true;
  for await (const piece of pieces) {
    if (first && range === undefined && isGzip(piece)) gunzip = new Gunzip();
    first = false;
    if (gunzip === undefined) await use(piece);
    else for (const unpacked of await gunzip.add(piece)) await use(unpacked);
  }
  if (first && /\.gz$/i.test(path)) throw new Error('it is empty, and gzip is never');
  if (gunzip === undefined) return;
  for (const unpacked of await gunzip.end()) await use(unpacked);
  gunzip.check();
}

export function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function* piecesOf(path: string, range = { start: 0, end: Infinity }): Generator<Buffer> {
  const file = openSync(path, 'r');
  try {
    const memory = Buffer.allocUnsafe(CHUNK);
    for (let at = range.start; at < range.end;) {
      const read = readSync(file, memory, 0, Math.min(CHUNK, range.end - at), at);
      if (read === 0) return;
      yield memory.subarray(0, read);
      at += read;
    }
  } finally {
    closeSync(file);
  }
}

async function* standardInput(): AsyncGenerator<Buffer> {
  for await (const chunk of process.stdin) yield typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Buffer);
}

/** What was unpacked before a file breaks off is given out, which the stream's own iterator would throw away. */
class Gunzip {
  readonly #stream = createGunzip({ chunkSize: CHUNK });
  #unpacked: Buffer[] = [];
  #error: Error | undefined;

  constructor() {
    this.#stream.on('data', (chunk: Buffer) => this.#unpacked.push(chunk));
    this.#stream.on('error', (error) => (this.#error = error));
  }

  async add(piece: Buffer): Promise<Buffer[]> {
    for (let at = 0; at < piece.length; at += PACKED_CHUNK) {
      // A copy: the memory of the piece is used again before zlib is done with it.
      const part = Buffer.from(piece.subarray(at, at + PACKED_CHUNK));
      // Of what comes behind damage nothing can be unpacked.
      if (this.#error === undefined) await new Promise<void>((resolve) => this.#stream.write(part, () => resolve()));
    }
    return this.#take();
  }

  async end(): Promise<Buffer[]> {
    if (this.#error === undefined) {
      await new Promise<void>((resolve) => {
        this.#stream.once('end', resolve).once('error', () => resolve());
        this.#stream.end();
      });
    }
    return this.#take();
  }

  /** @throws Error where what was packed is damaged; after everything before the damage was given */
  check(): void {
    if (this.#error !== undefined) throw this.#error;
  }

  #take(): Buffer[] {
    const unpacked = this.#unpacked;
    this.#unpacked = [];
    return unpacked;
  }
}
