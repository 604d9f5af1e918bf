import { globKey, matchesGlob, onlyText, type Glob } from './glob';
import { WORDS } from './spelling';
import { weighName } from './weigh';

/** How a pattern language writes a name, and which wider forms it has. */
export interface NameStyle {
  /** Characters, with what parts it from the next. */
  readonly length: (glob: Glob) => number;
  readonly forms: readonly ('start' | 'anywhere' | 'end')[];
}

/** Shorter pieces keep nothing away. */
const SHORTEST = 4;
/** Letters of a word that is cut short. */
const CUT = 3;

/** A name, or a piece of names in its place. */
interface Token {
  readonly glob: Glob;
  readonly length: number;
  readonly weight: number;
  /** Which names fit it, by their place. */
  readonly names: readonly number[];
}

/**
 * Names in at most so many characters: exact while they fit, then the pieces of names that admit least for the room
 * they save. Undefined where even that does not fit. Every text that fits a name given fits the result.
 */
export function coverNames(
  names: readonly Glob[],
  budget: number,
  style: NameStyle,
  excluded: readonly string[] = [],
): readonly Glob[] | undefined {
  let length = names.reduce((sum, glob) => sum + style.length(glob), 0);
  if (length <= budget) return names;
  const cover = new Cover(
    names.map((glob, place) => tokenOf(glob, [place], style, excluded)),
    candidatesOf(names, style, excluded),
  );
  while (length > budget) {
    const saved = cover.shorten();
    if (saved === undefined) return undefined;
    length -= saved;
  }
  return cover.globs;
}

/** Which token stands for which name. A candidate's gain is counted again only where its names changed hands. */
class Cover {
  readonly #candidates: readonly Token[];
  /** Of each name; at first itself. */
  readonly #owners: Token[];
  readonly #owned = new Map<Token, number>();
  readonly #gains: Gain[];
  /** Candidates that a name fits. */
  readonly #fitting: readonly number[][];

  constructor(names: readonly Token[], candidates: readonly Token[]) {
    this.#owners = [...names];
    for (const name of names) this.#owned.set(name, 1);
    this.#candidates = candidates;
    this.#fitting = names.map(() => []);
    for (const [index, { names: places }] of candidates.entries())
      for (const place of places) this.#fitting[place]?.push(index);
    this.#gains = candidates.map((token) => this.#gain(token));
  }

  get globs(): readonly Glob[] {
    return [...this.#owned.keys()].map(({ glob }) => glob);
  }

  /** Takes the candidate that admits least for each character that it saves. @returns how many; undefined for none */
  shorten(): number | undefined {
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (const [index, { cost }] of this.#gains.entries()) if (cost < least) [best, least] = [index, cost];
    const token = this.#candidates[best];
    if (token === undefined) return undefined;
    const { saved } = this.#gain(token);
    const losers = new Set(token.names.map((place) => this.#owners[place]));
    const touched = this.#owners.flatMap((owner, place) => (losers.has(owner) ? [place] : []));
    for (const place of token.names) {
      this.#lose(this.#owners[place]);
      this.#owners[place] = token;
    }
    this.#owned.set(token, token.names.length);
    for (const index of new Set(touched.flatMap((place) => this.#fitting[place] ?? []))) {
      const candidate = this.#candidates[index];
      if (candidate !== undefined) this.#gains[index] = this.#gain(candidate);
    }
    return saved;
  }

  #lose(owner: Token | undefined): void {
    if (owner === undefined) return;
    const left = (this.#owned.get(owner) ?? 0) - 1;
    if (left > 0) this.#owned.set(owner, left);
    else this.#owned.delete(owner);
  }

  #gain(token: Token): Gain {
    let saved = -token.length;
    let known = 0;
    const taken = new Map<Token, number>();
    for (const place of this.#owned.has(token) ? [] : token.names) {
      const owner = this.#owners[place];
      if (owner === undefined) continue;
      const count = (taken.get(owner) ?? 0) + 1;
      taken.set(owner, count);
      // It is needed for nothing else: it goes.
      if (count === this.#owned.get(owner)) [saved, known] = [saved + owner.length, known + owner.weight];
    }
    return { saved, cost: saved > 0 ? Math.max(0, token.weight - known) / saved : Number.POSITIVE_INFINITY };
  }
}

interface Gain {
  /** Characters. */
  readonly saved: number;
  /** What is admitted for each of them; infinite where none is saved. */
  readonly cost: number;
}

function candidatesOf(names: readonly Glob[], style: NameStyle, excluded: readonly string[]): Token[] {
  const globs = new Map<string, Glob>();
  for (const name of names) for (const glob of pieces(name, style)) globs.set(globKey(glob), glob);
  return [...globs.values()].map((glob) => {
    const fitting = names.flatMap((name, place) => (includes(glob, name) ? [place] : []));
    return tokenOf(glob, fitting, style, excluded);
  });
}

function tokenOf(glob: Glob, names: readonly number[], style: NameStyle, excluded: readonly string[]): Token {
  return { glob, names, length: style.length(glob), weight: weighName(glob, excluded) };
}

/** What a name could be cut down to: its beginning, its end, and words of it. */
function pieces(name: Glob, style: NameStyle): Glob[] {
  const text = onlyText(name);
  if (text === undefined) return [];
  const words = text.match(WORDS) ?? [];
  const found: Glob[] = [];
  const add = (head: boolean, part: string, tail: boolean): void =>
    void found.push({ head, parts: [part], tail, folded: false });
  for (let from = 0; from < words.length; from++) {
    for (let to = from + 1; to <= words.length; to++) {
      const part = words.slice(from, to).join('');
      if (from === 0 && style.forms.includes('start')) {
        add(true, part, false);
        const next = words[to] ?? '';
        if (next.length > CUT + 1) add(true, `${part}${next.slice(0, CUT)}`, false);
      }
      if (part.length < SHORTEST) continue;
      if (style.forms.includes('anywhere')) add(false, part, false);
      if (to === words.length && style.forms.includes('end')) add(false, part, true);
    }
  }
  return found;
}

/** Does everything that fits `narrow` fit `wide`? Says no where it is not sure. `wide` is a piece. */
function includes(wide: Glob, narrow: Glob): boolean {
  if (narrow.folded || (wide.head && !narrow.head) || (wide.tail && !narrow.tail)) return false;
  const [part = ''] = wide.parts;
  if (!wide.head && !wide.tail) return narrow.parts.some((other) => other.includes(part));
  const [other = ''] = narrow.parts;
  return narrow.parts.length === 1 && matchesGlob(wide, other);
}
