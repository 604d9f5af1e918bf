import type { Json, JsonObject } from '../../model/json';
import { compilePath, leaves } from '../paths';

/** Reads one path of the record at hand; reading it again costs nothing. */
export interface Slot {
  values: () => readonly Json[];
}

const NONE: readonly Json[] = [];
const EMPTY: JsonObject = {};

/**
 * The paths that the rules look at, each read at most once a record. A path that two hundred rules name is one slot.
 */
export class Slots {
  readonly #slots = new Map<string, Slot>();
  #record: JsonObject = EMPTY;
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
    this.use(EMPTY);
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

/** The same as `compilePath`; a short way where no array and no key with dots is met, which is nearly always. */
function readerOf(path: string): (record: JsonObject) => readonly Json[] {
  const slow = compilePath(path);
  const keys = path.split('.');
  const last = keys.length - 1;
  const [only = ''] = keys;
  const rests = keys.map((_, depth) => keys.slice(depth).join('.'));
  // A key that every object inherits needs the question whether it is the record's own.
  if ([...keys, ...rests].some((key) => key in Object.prototype)) return slow;
  // The list of one text is used again: a list for each path of each record is a good part of the work.
  const one: [Json] = [''];
  const listOf = (value: Json, record: JsonObject): readonly Json[] => {
    if (typeof value !== 'string') return Array.isArray(value) ? slow(record) : [value];
    one[0] = value;
    return one;
  };
  if (last === 0) {
    return (record) => {
      const value = record[only];
      return value === undefined ? NONE : listOf(value, record);
    };
  }
  return (record) => {
    let here: Json = record;
    for (let depth = 0; depth <= last; depth++) {
      if (typeof here !== 'object' || here === null) return NONE;
      if (Array.isArray(here)) return slow(record);
      if (depth < last && here[rests[depth] ?? ''] !== undefined) return slow(record);
      const next: Json | undefined = here[keys[depth] ?? ''];
      if (next === undefined) return NONE;
      here = next;
    }
    return listOf(here, record);
  };
}
