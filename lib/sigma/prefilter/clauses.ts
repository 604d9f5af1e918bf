import { assertNever } from '../../model/assert-never';
import { globKey, matchesGlob, onlyText, type Glob } from './glob';
import type { Atom, Need } from './need';

/** Conditions of which all must hold, at most one text atom a field. An empty clause holds always. */
export type Clause = readonly Atom[];

/** More alternatives of one rule than this are widened. */
const MAX_CLAUSES = 200;

/** A formula as alternatives. Where there would be too many, parts of it are left out, which widens. */
export function clausesOf(need: Need): readonly Clause[] {
  switch (need.kind) {
    case 'true':
      return [[]];
    case 'any': {
      const of = need.of.flatMap(clausesOf);
      return of.length > MAX_CLAUSES ? [[]] : of;
    }
    case 'all':
      return need.of.reduce<readonly Clause[]>(
        (clauses, part) => {
          const more = clausesOf(part);
          if (clauses.length * more.length > MAX_CLAUSES) return clauses;
          return clauses.flatMap((clause) => more.flatMap((other) => conjunction(clause, other)));
        },
        [[]],
      );
    case 'text':
    case 'missing':
    case 'present':
    case 'flag':
      return [[need]];
    default:
      return assertNever(need);
  }
}

/** Both at once; nothing where they exclude each other. */
function conjunction(one: Clause, other: Clause): Clause[] {
  let joined: Clause = one;
  for (const atom of other) {
    const next = withAtom(joined, atom);
    if (next === undefined) return [];
    joined = next;
  }
  return [joined];
}

function withAtom(clause: Clause, atom: Atom): Clause | undefined {
  const same = clause.filter(({ path }) => path === atom.path);
  const others = clause.filter(({ path }) => path !== atom.path);
  for (const known of same) {
    if (known.kind === 'text' && atom.kind === 'text') {
      const globs = bothOf(known.globs, atom.globs);
      return globs.length === 0 ? undefined : [...others, { ...atom, globs }];
    }
    if (known.kind === 'flag' && atom.kind === 'flag') return known.value === atom.value ? clause : undefined;
    // A text is there; what is missing is not.
    if ((known.kind === 'missing') !== (atom.kind === 'missing')) return undefined;
    if (known.kind !== 'present') return clause;
  }
  return [...others, atom];
}

/** Texts that are known are asked themselves; otherwise the list that says more is kept, which widens. */
function bothOf(one: readonly Glob[], other: readonly Glob[]): readonly Glob[] {
  const known = (globs: readonly Glob[]): boolean => globs.every((glob) => onlyText(glob) !== undefined);
  const [kept, asked] = known(one) || (!known(other) && letters(one) >= letters(other)) ? [one, other] : [other, one];
  return kept.filter((glob) => {
    const text = onlyText(glob);
    // Ignoring case as the matcher does: a slip in one of the two must not make them exclude each other.
    return text === undefined || asked.some((filter) => matchesGlob({ ...filter, folded: true }, text));
  });
}

function letters(globs: readonly Glob[]): number {
  return Math.min(...globs.map(({ parts }) => parts.join('').length));
}

export function clauseKey(clause: Clause): string {
  return JSON.stringify(clause.map(atomKey).sort());
}

export function atomKey(atom: Atom): string {
  if (atom.kind !== 'text') return JSON.stringify([atom.path, atom.kind, atom.kind === 'flag' && atom.value]);
  return JSON.stringify([atom.path, ...atom.globs.map(globKey).sort()]);
}
