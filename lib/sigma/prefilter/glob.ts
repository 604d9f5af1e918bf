import { foldAscii } from '../fold';
import { parsePattern } from '../pattern';

/** Texts in their order with anything between them. Wider than what it was made from, never narrower. */
export interface Glob {
  /** Nothing stands before the first part. */
  readonly head: boolean;
  /** Not empty, unless the glob fits everything. */
  readonly parts: readonly string[];
  /** Nothing stands behind the last part. */
  readonly tail: boolean;
  /** The case of letters is not known. */
  readonly folded: boolean;
}

export function exactly(text: string, folded = false): Glob {
  return { head: true, parts: [text], tail: true, folded };
}

/** A Sigma pattern; `?` becomes a gap of any length. */
export function globOf(pattern: string, folded: boolean): Glob {
  const pieces = parsePattern(pattern);
  const [first] = pieces;
  const last = pieces.at(-1);
  return {
    head: first !== undefined && 'text' in first,
    parts: pieces.flatMap((piece) => ('text' in piece ? [piece.text] : [])),
    tail: last !== undefined && 'text' in last,
    folded,
  };
}

export function fitsAll(glob: Glob): boolean {
  return glob.parts.length === 0;
}

/** The only text that fits, where there is one and its case is known. */
export function onlyText(glob: Glob): string | undefined {
  const [only] = glob.parts;
  return glob.head && glob.tail && glob.parts.length === 1 && !isFolded(glob) ? only : undefined;
}

/** Does it matter that the case is not known? */
export function isFolded(glob: Glob): boolean {
  return glob.folded && glob.parts.some((part) => /[A-Za-z]/.test(part));
}

export function matchesGlob(glob: Glob, text: string): boolean {
  const [only = ''] = glob.parts;
  // Nearly all of them are so, and very many are asked.
  if (glob.parts.length === 1 && !glob.folded) {
    if (glob.head) return glob.tail ? text === only : text.startsWith(only);
    return glob.tail ? text.endsWith(only) : text.includes(only);
  }
  const fold = isFolded(glob) ? foldAscii : (as: string): string => as;
  const actual = fold(text);
  let from = 0;
  for (const [index, part] of glob.parts.entries()) {
    const want = fold(part);
    const last = index === glob.parts.length - 1;
    if (index === 0 && glob.head && !actual.startsWith(want)) return false;
    if (last && glob.tail) {
      if (index === 0 && glob.head) return actual === want;
      return actual.length - want.length >= from && actual.endsWith(want);
    }
    const at = actual.indexOf(want, from);
    if (at < 0) return false;
    from = at + want.length;
  }
  return true;
}

export function sameGlob(one: Glob, other: Glob): boolean {
  return globKey(one) === globKey(other);
}

export function globKey({ head, parts, tail, folded }: Glob): string {
  return JSON.stringify([head, tail, folded, ...parts]);
}
