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
  // Each name belongs to one token, at first to itself.
  const owners = names.map((glob, place) => tokenOf(glob, [place], style, excluded));
  const owned = new Map(owners.map((token) => [token, 1]));
  const candidates = candidatesOf(names, style, excluded);
  while (length > budget) {
    const best = cheapest(candidates, owners, owned);
    if (best === undefined) return undefined;
    for (const place of best.token.names) {
      const owner = owners[place];
      if (owner !== undefined) lose(owned, owner);
      owners[place] = best.token;
    }
    owned.set(best.token, best.token.names.length);
    length -= best.saved;
  }
  return [...owned.keys()].map(({ glob }) => glob);
}

function lose(owned: Map<Token, number>, owner: Token): void {
  const left = (owned.get(owner) ?? 0) - 1;
  if (left > 0) owned.set(owner, left);
  else owned.delete(owner);
}

/** What admits least for each character that it saves. */
function cheapest(
  candidates: readonly Token[],
  owners: readonly Token[],
  owned: ReadonlyMap<Token, number>,
): { readonly token: Token; readonly saved: number } | undefined {
  let best: { readonly token: Token; readonly saved: number } | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const token of candidates) {
    if (owned.has(token)) continue;
    let saved = -token.length;
    let known = 0;
    const taken = new Map<Token, number>();
    for (const place of token.names) {
      const owner = owners[place];
      if (owner === undefined) continue;
      const count = (taken.get(owner) ?? 0) + 1;
      taken.set(owner, count);
      // It is needed for nothing else: it goes.
      if (count === owned.get(owner)) [saved, known] = [saved + owner.length, known + owner.weight];
    }
    const cost = Math.max(0, token.weight - known) / saved;
    if (saved > 0 && cost < least) [best, least] = [{ token, saved }, cost];
  }
  return best;
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
