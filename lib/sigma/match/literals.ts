/**
 * Looks for many literals in one pass over a text (Aho and Corasick, "Efficient string matching", 1975), so that a
 * rule with hundreds of them costs as much as one with two. Case is minded: who folds, folds both.
 */
export class Literals {
  /** Class of each ASCII unit; 0 is every unit that is in no literal. */
  readonly #classes = new Uint16Array(128);
  readonly #others = new Map<number, number>();
  /** Next state by state and class; complete, so that each unit is one look-up. */
  readonly #next: Int32Array;
  readonly #width: number;
  readonly #ends: Uint8Array;

  constructor(literals: readonly string[]) {
    let classes = 1;
    for (const unit of new Set(literals.flatMap((literal) => units(literal)))) {
      if (unit < 128) this.#classes[unit] = classes++;
      else this.#others.set(unit, classes++);
    }
    this.#width = classes;
    const states = 1 + literals.reduce((sum, literal) => sum + literal.length, 0);
    this.#next = new Int32Array(states * classes);
    this.#ends = new Uint8Array(states);
    this.#link(this.#tree(literals));
  }

  /** Whether any of the literals is in the text. */
  anyIn(text: string): boolean {
    let state = 0;
    if (this.#ends[0] === 1) return true;
    for (let i = 0; i < text.length; i++) {
      state = this.#next[state * this.#width + this.#classOf(text.charCodeAt(i))] ?? 0;
      if (this.#ends[state] === 1) return true;
    }
    return false;
  }

  #classOf(unit: number): number {
    return (unit < 128 ? this.#classes[unit] : this.#others.get(unit)) ?? 0;
  }

  /** The tree of all literals; returns how many states it has. 0 is "no such child". */
  #tree(literals: readonly string[]): number {
    let states = 1;
    for (const literal of literals) {
      let state = 0;
      for (const unit of units(literal)) {
        const at = state * this.#width + this.#classOf(unit);
        if (this.#next[at] === 0) this.#next[at] = states++;
        state = this.#next[at] ?? 0;
      }
      this.#ends[state] = 1;
    }
    return states;
  }

  /** Fills in where to go when a literal breaks off: to the longest end of what was read that begins another. */
  #link(states: number): void {
    const width = this.#width;
    const fallback = new Int32Array(states);
    const queue: number[] = [];
    for (let unit = 1; unit < width; unit++) {
      const child = this.#next[unit] ?? 0;
      if (child !== 0) queue.push(child);
    }
    for (const state of queue) {
      const back = fallback[state] ?? 0;
      if (this.#ends[back] === 1) this.#ends[state] = 1;
      for (let unit = 1; unit < width; unit++) {
        const at = state * width + unit;
        const child = this.#next[at] ?? 0;
        const instead = this.#next[back * width + unit] ?? 0;
        if (child === 0) {
          this.#next[at] = instead;
        } else {
          fallback[child] = instead;
          queue.push(child);
        }
      }
    }
  }
}

function units(text: string): number[] {
  return Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
}
