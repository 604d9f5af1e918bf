import type { Json, JsonObject } from '../../model/json';
import { foldAscii } from '../fold';
import { textsOf } from '../texts';
import { chooseKeys, type Key } from './keys';
import type { Slot, Slots } from './slots';

/** Texts as they are written whose rules are remembered, so that most are not folded. Hostile ones cannot fill it. */
const MAX_REMEMBERED = 4_096;

interface Field {
  /** The name of the field where it stands at the top of a record: read at once, without a list around its text. */
  readonly key: string | undefined;
  readonly slot: Slot;
  readonly byFolded: ReadonlyMap<string, readonly number[]>;
  readonly byText: Map<string, readonly number[]>;
  /** A text of another length is none of them, and need not be looked up: folding keeps the length. */
  readonly lengths: ReadonlySet<number>;
}

const NONE: readonly number[] = [];

/** Which of the conditions can hold at all, by the values of the few fields that tell them apart. */
export class RuleIndex {
  readonly #fields: readonly Field[];
  /** Conditions without a key are always asked. */
  readonly #always: readonly number[];
  /** A list of a field joined with those, made once: most records have one such list. */
  readonly #withAlways = new Map<readonly number[], readonly number[]>();

  /** @param keys of each condition, by its number */
  constructor(keys: readonly (readonly Key[])[], slots: Slots) {
    const chosen = chooseKeys(keys);
    const fields = new Map<string, Map<string, number[]>>();
    for (const [number, key] of chosen.entries()) {
      if (key === undefined) continue;
      const byFolded = fields.get(key.path) ?? new Map<string, number[]>();
      fields.set(key.path, byFolded);
      for (const value of key.values) byFolded.set(value, [...(byFolded.get(value) ?? []), number]);
    }
    this.#fields = [...fields].map(([path, byFolded]) => ({
      key: path.includes('.') || path in Object.prototype ? undefined : path,
      slot: slots.at(path),
      byFolded,
      byText: new Map(),
      lengths: new Set([...byFolded.keys()].map(({ length }) => length)),
    }));
    this.#always = chosen.flatMap((key, number) => (key === undefined ? [number] : []));
  }

  /** Numbers of the conditions that the record may fulfil, ascending, each once. The slots read the same record. */
  candidates(record: JsonObject): readonly number[] {
    let found = this.#always;
    for (const field of this.#fields) {
      const whole = field.key === undefined ? null : record[field.key];
      if (whole === undefined) continue;
      if (typeof whole === 'string') {
        found = this.#joined(found, lookUp(field, whole));
        continue;
      }
      for (const value of field.slot.values()) {
        if (typeof value === 'string') found = this.#joined(found, lookUp(field, value));
        else found = this.#others(field, value, found);
      }
    }
    return found;
  }

  #joined(found: readonly number[], more: readonly number[]): readonly number[] {
    if (more.length === 0) return found;
    if (found !== this.#always) return joined(found, more);
    const known = this.#withAlways.get(more);
    if (known !== undefined) return known;
    const made = joined(found, more);
    this.#withAlways.set(more, made);
    return made;
  }

  #others(field: Field, value: Json, found: readonly number[]): readonly number[] {
    return textsOf(value).reduce((all, text) => joined(all, lookUp(field, text)), found);
  }
}

function lookUp({ byFolded, byText, lengths }: Field, text: string): readonly number[] {
  if (!lengths.has(text.length)) return NONE;
  const known = byText.get(text);
  if (known !== undefined) return known;
  const found = byFolded.get(foldAscii(text)) ?? NONE;
  if (text.length <= MAX_TEXT) {
    if (byText.size >= MAX_REMEMBERED) byText.clear();
    byText.set(text, found);
  }
  return found;
}

/** Longer texts are not remembered: 4,096 of them would be too much. */
const MAX_TEXT = 256;

/** Both are ascending, each number once; so is what comes out. */
function joined(some: readonly number[], more: readonly number[]): readonly number[] {
  if (more.length === 0) return some;
  if (some.length === 0) return more;
  const all: number[] = [];
  for (let i = 0, j = 0; i < some.length || j < more.length;) {
    const one = some[i] ?? Infinity;
    const other = more[j] ?? Infinity;
    all.push(Math.min(one, other));
    if (one <= other) i++;
    if (other <= one) j++;
  }
  return all;
}
