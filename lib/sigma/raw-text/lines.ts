import { isUtf8 } from 'node:buffer';
import type { RawShortcut } from './raw-shortcut';

/** A line that has to be parsed. */
export interface Line {
  readonly text: string;
  /** Zero-based number among the lines with something on them. */
  readonly index: number;
  /** False where some bytes are not UTF-8; they are U+FFFD in the text. */
  readonly utf8: boolean;
}

/** Lines after which it is asked anew whether the shortcut is worth its time. */
const WINDOW = 128;
/** Above this share of lines that had to be parsed all the same it is not. */
const WORTH = 0.6;
/** For so many lines it is then left out; twice as many each time that it was not worth it again. */
const REST = 128 * WINDOW;
const MOST_REST = 64 * REST;

/**
 * Goes through blocks of whole lines and hands out those that have to be parsed. Where nearly all of them do, the
 * shortcut rests: asking first would only cost.
 */
export class Lines {
  readonly #shortcut: RawShortcut | undefined;
  readonly #useBlocks: boolean;
  #seen = 0;
  #asked = 0;
  #parsed = 0;
  #resting = 0;
  #rest = REST;
  #skipped = 0;

  /**
   * @param shortcut undefined: every line is parsed
   * @param useBlocks false: in plain JavaScript, a line at a time
   */
  constructor(shortcut: RawShortcut | undefined, useBlocks = true) {
    this.#shortcut = shortcut;
    this.#useBlocks = useBlocks;
  }

  /** Lines so far that had something on them. */
  get seen(): number {
    return this.#seen;
  }

  /** Lines so far that did not have to be parsed. */
  get skipped(): number {
    return this.#skipped;
  }

  /** Counts a line that was left out; returns its index. */
  leaveOut(): number {
    return this.#seen++;
  }

  /** @param block ends with a line; best at most 64 KiB, since decoding larger ones is several times slower */
  each(block: Buffer, visit: (line: Line) => void): void {
    if (this.#shortcut !== undefined && this.#resting <= 0) this.#ask(this.#shortcut, block, visit);
    else this.#all(block, visit);
  }

  #ask(shortcut: RawShortcut, block: Buffer, visit: (line: Line) => void): void {
    const before = this.#seen;
    const parsed = this.#parsed;
    if (!this.#scan(shortcut, block, visit)) this.#askEach(shortcut, block, visit);
    this.#asked += this.#seen - before;
    this.#skipped += this.#seen - before - (this.#parsed - parsed);
    if (this.#asked < WINDOW) return;
    if (this.#parsed > this.#asked * WORTH) {
      this.#resting = this.#rest;
      this.#rest = Math.min(2 * this.#rest, MOST_REST);
    } else {
      this.#rest = REST;
    }
    this.#asked = this.#parsed = 0;
  }

  /** Whole blocks at once; false where that cannot be. */
  #scan(shortcut: RawShortcut, block: Buffer, visit: (line: Line) => void): boolean {
    const { blocks } = shortcut;
    if (!this.#useBlocks || blocks === undefined || !isUtf8(block)) return false;
    let blank = 0;
    const lines = blocks.scan(block, (from, to, number) => {
      const { start, end } = trimmed(block, from, to);
      if (start === end) {
        blank++;
        return;
      }
      if (!shortcut.mayMatch(block.toString('latin1', start, end))) return;
      this.#parsed++;
      visit({ text: block.toString('utf8', start, end), index: this.#seen + number - blank, utf8: true });
    });
    if (lines === undefined) return false;
    this.#seen += lines - blank;
    return true;
  }

  #askEach(shortcut: RawShortcut, block: Buffer, visit: (line: Line) => void): void {
    const latin1 = block.toString('latin1');
    const utf8 = isUtf8(block);
    forEachLine(latin1, (start, end) => {
      const index = this.#seen++;
      const valid = utf8 || isUtf8(block.subarray(start, end));
      if (valid && !shortcut.mayMatch(latin1.slice(start, end))) return;
      this.#parsed++;
      visit({ text: block.toString('utf8', start, end), index, utf8: valid });
    });
  }

  #all(block: Buffer, visit: (line: Line) => void): void {
    const before = this.#seen;
    if (isUtf8(block)) {
      const text = block.toString('utf8');
      forEachLine(text, (start, end) => visit({ text: text.slice(start, end), index: this.#seen++, utf8: true }));
    } else {
      forEachLine(block.toString('latin1'), (start, end) => {
        const utf8 = isUtf8(block.subarray(start, end));
        visit({ text: block.toString('utf8', start, end), index: this.#seen++, utf8 });
      });
    }
    this.#resting -= this.#seen - before;
  }
}

/** Without white space around, and without empty lines. */
function forEachLine(text: string, visit: (start: number, end: number) => void): void {
  for (let from = 0; from < text.length;) {
    const feed = text.indexOf('\n', from);
    const next = feed < 0 ? text.length : feed;
    let start = from;
    let end = next;
    while (start < end && isSpace(text.charCodeAt(start))) start++;
    while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
    if (start < end) visit(start, end);
    from = next + 1;
  }
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x0d || unit === 0x09;
}

function trimmed(block: Buffer, from: number, to: number): { readonly start: number; readonly end: number } {
  let start = from;
  let end = to;
  while (start < end && isSpace(block[start] ?? 0)) start++;
  while (end > start && isSpace(block[end - 1] ?? 0)) end--;
  return { start, end };
}
