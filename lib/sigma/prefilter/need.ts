import type { Glob } from './glob';

/**
 * What an event must have for a rule to match: necessary, not sufficient. What cannot be said is `true`, so that a
 * formula only ever widens.
 */
export type Need = { readonly kind: 'true' } | { readonly kind: 'all' | 'any'; readonly of: readonly Need[] } | Atom;

export type Atom =
  /** The text at a path fits one of these. */
  | { readonly kind: 'text'; readonly path: string; readonly globs: readonly Glob[] }
  | { readonly kind: 'missing'; readonly path: string }
  /** There, and a text. */
  | { readonly kind: 'present'; readonly path: string }
  | { readonly kind: 'flag'; readonly path: string; readonly value: boolean };

export const TRUE: Need = { kind: 'true' };

export function all(of: readonly Need[]): Need {
  const wanted = of.filter(({ kind }) => kind !== 'true');
  const [only] = wanted;
  if (only === undefined) return TRUE;
  return wanted.length === 1 ? only : { kind: 'all', of: wanted };
}

/** Alternatives of one field are one atom. */
export function any(of: readonly Need[]): Need {
  if (of.some(({ kind }) => kind === 'true')) return TRUE;
  const rest: Need[] = [];
  const texts = new Map<string, Glob[]>();
  for (const need of of) {
    if (need.kind !== 'text') rest.push(need);
    else texts.set(need.path, [...(texts.get(need.path) ?? []), ...need.globs]);
  }
  for (const [path, globs] of texts) rest.push({ kind: 'text', path, globs });
  const [only] = rest;
  return rest.length === 1 && only !== undefined ? only : { kind: 'any', of: rest };
}
