import type { Json, JsonObject } from '../../model/json';
import { compilePath, leaves } from '../paths';

/** Reads one path of the record at hand; reading it again costs nothing. */
export interface Slot {
  values: () => readonly Json[];
}

/**
 * The paths that the rules look at, each read at most once a record. A path that two hundred rules name is one slot.
 */
export class Slots {
  readonly #slots = new Map<string, Slot>();
  #record: JsonObject = {};
  #turn = 0;

  get record(): JsonObject {
    return this.#record;
  }

  /** The record that every slot reads from now on. */
  use(record: JsonObject): void {
    this.#record = record;
    this.#turn++;
  }

  /** Lets go of the record, so that a matcher that waits for the next event keeps none alive. */
  release(): void {
    this.use({});
  }

  at(path: string): Slot {
    return this.#slot(`.${path}`, () => readerOf(path));
  }

  /** Everything that keywords are looked for in. */
  everywhere(): Slot {
    return this.#slot('*', () => leaves);
  }

  #slot(name: string, make: () => (record: JsonObject) => readonly Json[]): Slot {
    const known = this.#slots.get(name);
    if (known !== undefined) return known;
    const read = make();
    let found: readonly Json[] = NONE;
    let turn = 0;
    const slot: Slot = {
      values: () => {
        if (turn !== this.#turn) {
          turn = this.#turn;
          found = read(this.#record);
        }
        return found;
      },
    };
    this.#slots.set(name, slot);
    return slot;
  }
}

const NONE: readonly Json[] = [];

/** The same as `compilePath`; a short way for a single key, which most rules ask for. */
function readerOf(path: string): (record: JsonObject) => readonly Json[] {
  const slow = compilePath(path);
  // A key that every object inherits needs the question whether it is the record's own.
  if (path.includes('.') || path in Object.prototype) return slow;
  return (record) => {
    const value = record[path];
    if (value === undefined) return NONE;
    return Array.isArray(value) ? slow(record) : [value];
  };
}
