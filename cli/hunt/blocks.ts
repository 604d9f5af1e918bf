/** Decoding larger pieces at once was 3 to 6 times slower. */
export const CHUNK = 64 * 1024;

/**
 * Joins pieces of a stream to blocks of whole lines, of about the size of the pieces.
 *
 * A line longer than `most` bytes is left out: the rest of it is skipped and `tooLong` called with the number of its
 * block. The last line need not end with a line feed.
 */
export class BlockMaker {
  readonly #most: number;
  readonly #use: (block: Buffer) => void;
  readonly #tooLong: () => void;
  #rest: Buffer[] = [];
  #size = 0;
  #skipping = false;

  constructor(most: number, use: (block: Buffer) => void, tooLong: () => void) {
    this.#most = most;
    this.#use = use;
    this.#tooLong = tooLong;
  }

  /** @param chunk may be used again by the caller once this returns */
  add(chunk: Buffer): void {
    const last = chunk.lastIndexOf(0x0a);
    if (last < 0) {
      this.#keep(chunk);
      return;
    }
    const whole = chunk.subarray(0, last + 1);
    if (this.#skipping) {
      this.#skipping = false;
      this.#emit(whole.subarray(whole.indexOf(0x0a) + 1));
    } else if (this.#size > 0) {
      // What is left of the chunk before, up to the first line feed; decoding a long line with 64 KiB is not worth less.
      const first = whole.indexOf(0x0a) + 1;
      const block = Buffer.concat([...this.#rest, whole.subarray(0, first)]);
      this.#forget();
      this.#emit(block);
      this.#emit(whole.subarray(first));
    } else {
      this.#emit(whole);
    }
    this.#keep(chunk.subarray(last + 1));
  }

  end(): void {
    const block = Buffer.concat(this.#rest);
    this.#forget();
    this.#skipping = false;
    this.#emit(block);
  }

  #emit(block: Buffer): void {
    if (block.length > 0) this.#use(block);
  }

  #keep(chunk: Buffer): void {
    if (this.#skipping || chunk.length === 0) return;
    if (this.#size + chunk.length > this.#most) {
      this.#forget();
      this.#skipping = true;
      this.#tooLong();
      return;
    }
    this.#rest.push(Buffer.from(chunk));
    this.#size += chunk.length;
  }

  #forget(): void {
    this.#rest = [];
    this.#size = 0;
  }
}
