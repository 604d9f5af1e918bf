import { MAX_PATTERN_LENGTH, MAX_REGEXES } from '../filter-pattern/syntax';
import { coverNames, type NameStyle } from './cover';
import { isFolded, type Glob } from './glob';
import { plainAtom, regexAtom, regexOf } from './log-text';
import type { Atom } from './need';
import type { Branch } from './plan';

export interface Fitted {
  readonly pattern: string;
  /** What the pattern says: as wide as the branches it was made from, or wider. */
  readonly branches: readonly Branch[];
}

/** An alternative of a regular expression and its bar. */
const STYLE: NameStyle = {
  length: (glob) => regexOf(glob).length + 1,
  forms: ['start', 'anywhere', 'end'],
};

/** Branches as one filter pattern within its limits; undefined where that cannot be. */
export function logPattern(branches: readonly Branch[], limit = MAX_PATTERN_LENGTH): Fitted | undefined {
  const regexes = regexPlaces(branches);
  if (regexes === undefined) return undefined;
  // What stands around the names is counted first; the names get the rest, each list according to its size.
  const listed = branches.filter((_, index) => regexes.names.has(index));
  const bare = assemble(branches, regexes, (branch) => (listed.includes(branch) ? [] : branch.names)).length;
  const room = limit - bare;
  const sizes = listed.map(({ names }) => size(names));
  const total = sizes.reduce((sum, each) => sum + each, 0);
  const covers = new Map<Branch, readonly Glob[]>();
  for (const [index, branch] of listed.entries()) {
    const budget = total <= room ? (sizes[index] ?? 0) : Math.floor((room * (sizes[index] ?? 0)) / total);
    const cover = coverNames(branch.names, budget, STYLE, branch.excluded);
    if (cover === undefined) return undefined;
    covers.set(branch, cover);
  }
  const fitted = branches.map((branch) => ({ ...branch, names: covers.get(branch) ?? branch.names }));
  const pattern = assemble(fitted, regexes, ({ names }) => names);
  return pattern.length <= limit ? { pattern, branches: fitted } : undefined;
}

interface RegexPlaces {
  /** Branches whose names are a regular expression. */
  readonly names: ReadonlySet<number>;
  readonly atoms: ReadonlySet<Atom>;
}

/** Who gets the two regular expressions: who cannot do without, then the longest lists of names. */
function regexPlaces(branches: readonly Branch[]): RegexPlaces | undefined {
  const names = new Set<number>();
  const atoms = new Set<Atom>();
  // Two branches may share a condition, and each writes it.
  let written = 0;
  for (const [index, branch] of branches.entries()) {
    if (branch.names.length > 0 && plainNames(branch.names) === undefined) names.add(index);
    for (const guard of branch.guards.filter((atom) => plainAtom(atom) === undefined)) {
      atoms.add(guard);
      written++;
    }
  }
  if (names.size + written > MAX_REGEXES) return undefined;
  const longest = [...branches.entries()]
    .filter(([index, branch]) => !names.has(index) && branch.names.length > 1)
    .sort(([, a], [, b]) => size(b.names) - size(a.names));
  for (const [index] of longest.slice(0, MAX_REGEXES - names.size - written)) names.add(index);
  return { names, atoms };
}

function size(names: readonly Glob[]): number {
  return names.reduce((sum, glob) => sum + STYLE.length(glob), 0);
}

function plainNames(names: readonly Glob[]): string | undefined {
  return names.some(isFolded) ? undefined : plainAtom({ kind: 'text', path: 'eventName', globs: names });
}

function assemble(
  branches: readonly Branch[],
  regexes: RegexPlaces,
  namesOf: (branch: Branch) => readonly Glob[],
): string {
  const of = branches.map((branch, index) => {
    const names = namesOf(branch);
    const named =
      branch.names.length === 0
        ? []
        : [regexes.names.has(index) ? regexAtom('eventName', names) : (plainNames(names) ?? '')];
    const guards = branch.guards.map((guard) =>
      regexes.atoms.has(guard) && guard.kind === 'text' ? regexAtom(guard.path, guard.globs) : (plainAtom(guard) ?? ''),
    );
    const excluded = (branch.excluded ?? []).map((prefix) => `$.eventName!=${prefix}*`);
    // `&&` binds more than `||`: no parentheses are needed.
    return [...named, ...excluded, ...guards].join('&&');
  });
  return `{${of.join('||')}}`;
}
