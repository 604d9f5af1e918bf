/** Finds needles in blocks of text, from left to right. */
export interface Scanner {
  /** The block to look through. */
  begin: (block: Uint8Array, text: string) => void;
  /** Where needle `number` is found next before `end`, or -1. Each place is told once. */
  next: (number: number, end: number) => number;
  /** As many opening as closing braces from the last asked place to `end`. Braces in strings count too. */
  balanced: (end: number) => boolean;
}

/** In plain JavaScript: the engine's own search, a needle at a time. */
export class PlainScanner implements Scanner {
  readonly #needles: readonly string[];
  readonly #found: number[];
  #text = '';

  /** @param needles ASCII */
  constructor(needles: readonly string[]) {
    // Two more, for the braces.
    this.#needles = [...needles, '{', '}'];
    this.#found = this.#needles.map(() => NOWHERE);
  }

  begin(_block: Uint8Array, text: string): void {
    this.#text = text;
    for (const number of this.#needles.keys()) this.#seek(number, 0);
  }

  next(number: number, end: number): number {
    const found = this.#found[number] ?? NOWHERE;
    if (found >= end) return -1;
    this.#seek(number, found + 1);
    return found;
  }

  balanced(end: number): boolean {
    const braces = this.#needles.length - 2;
    let open = 0;
    while (this.next(braces, end) >= 0) open++;
    while (this.next(braces + 1, end) >= 0) open--;
    return open === 0;
  }

  #seek(number: number, from: number): void {
    const found = this.#text.indexOf(this.#needles[number] ?? '', from);
    this.#found[number] = found < 0 ? NOWHERE : found;
  }
}

const NOWHERE = Number.MAX_SAFE_INTEGER;

/**
 * What to look for to find a key: its end with the closing quotation mark. From its last capital on, since a rare
 * first letter makes the engine's search several times faster.
 */
export function needleOf(key: string): string {
  const capital = key.search(/[A-Z][^A-Z]*$/);
  return `${capital < 0 || key.length - capital < 3 ? key : key.slice(capital)}"`;
}
