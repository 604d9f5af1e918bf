import type { Program } from '../compiled-rules';
import { foldAscii } from '../fold';
import { atomKey, clauseKey, clausesOf, type Clause } from './clauses';
import { globKey, isFolded, onlyText, type Glob } from './glob';
import { needOf } from './need-of';
import type { Atom } from './need';
import { acronymSpellings } from './spelling';
import { passes, weighName } from './weigh';

/** One alternative of a pattern: a name out of several, and what else must hold. */
export interface Branch {
  /** Any name where there are none. */
  readonly names: readonly Glob[];
  readonly guards: readonly Atom[];
  /** None of the names begins so: said in the pattern, shorter pieces of names will do. */
  readonly excluded?: readonly string[];
}

/** What most of an account's calls begin with. */
const READS = ['Get', 'List', 'Describe'];
/** Fewer names are not worth the room. */
const WORTH_EXCLUDING = 10;

/** How much of the rules a plan keeps, from most to least; each step widens. */
export const POLICIES = ['all', 'worthwhile', 'success', 'names'] as const;
export type Policy = (typeof POLICIES)[number];

/** What CloudTrail's records must have for any of the rules that look at them. */
export function clausesFor(program: Program): readonly Clause[] {
  const found = new Map<string, Clause>();
  for (const { logsource, condition } of program.rules) {
    if (!looksAtCloudTrail(logsource)) continue;
    for (const clause of clausesOf(needOf(condition)).map(withAcronyms)) found.set(clauseKey(clause), clause);
  }
  return [...found.values()];
}

/** Where one service is named, the rule writes its names as that service does. */
function withAcronyms(clause: Clause): Clause {
  const source = clause.find((atom) => atom.kind === 'text' && atom.path === 'eventSource');
  const [service, ...more] = source?.kind === 'text' ? source.globs : [];
  if (service !== undefined && more.length === 0 && onlyText(service) !== undefined) return clause;
  return clause.map((atom) =>
    atom.kind === 'text' && atom.path === 'eventName' ? { ...atom, globs: atom.globs.flatMap(acronymSpellings) } : atom,
  );
}

function looksAtCloudTrail({
  product = 'aws',
  service = 'cloudtrail',
  category,
}: Program['rules'][number]['logsource']): boolean {
  return foldAscii(product) === 'aws' && foldAscii(service) === 'cloudtrail' && category === undefined;
}

/** Alternatives for a pattern; those with the same guards are one. Undefined where everything must pass. */
export function branchesOf(clauses: readonly Clause[], policy: Policy): readonly Branch[] | undefined {
  const branches = new Map<string, { guards: readonly Atom[]; names: Map<string, Glob> | undefined }>();
  for (const clause of clauses) {
    const names = clause.find((atom) => atom.kind === 'text' && atom.path === 'eventName');
    const globs = names?.kind === 'text' ? names.globs : [];
    const others = clause.filter((atom) => atom !== names);
    const guards = globs.length === 0 ? anchors(others) : keptGuards(globs, others, policy);
    if (globs.length === 0 && guards.length === 0) return undefined;
    const key = JSON.stringify([globs.length > 0, ...guards.map(atomKey).sort()]);
    const branch = branches.get(key) ?? { guards, names: new Map<string, Glob>() };
    for (const glob of globs) branch.names?.set(globKey(glob), glob);
    branches.set(key, branch);
  }
  const all = [...branches.values()].map(({ guards, names }) => ({ guards, names: [...(names?.values() ?? [])] }));
  return withoutCovered(all).sort((a, b) => Number(b.names.length > 0) - Number(a.names.length > 0));
}

/** Without a name every condition counts, but those on free text that say least come last. */
function anchors(atoms: readonly Atom[]): readonly Atom[] {
  return [...atoms].sort((a, b) => share(a) - share(b)).slice(0, 3);
}

/** A name that hardly occurs needs no further condition; those of busy names are worth their room. */
function keptGuards(names: readonly Glob[], atoms: readonly Atom[], policy: Policy): readonly Atom[] {
  const success = atoms.filter(({ kind, path }) => path === 'errorCode' && kind === 'missing');
  const weight = names.reduce((sum, glob) => sum + weighName(glob), 0);
  switch (policy) {
    case 'all':
      return weight >= 0.5 ? anchors(atoms) : success;
    case 'worthwhile':
      return weight >= 2 ? anchors(atoms).slice(0, 1) : success;
    case 'success':
      return success;
    case 'names':
      return [];
  }
}

/** A name that passes without a condition needs not pass with one. */
function withoutCovered(branches: readonly Branch[]): Branch[] {
  const free = new Set(branches.filter(({ guards }) => guards.length === 0).flatMap(({ names }) => names.map(globKey)));
  return branches.flatMap(({ guards, names }) => {
    if (guards.length === 0 || names.length === 0) return [{ guards, names }];
    const left = names.filter((glob) => !free.has(globKey(glob)));
    return left.length === 0 ? [] : [{ guards, names: left }];
  });
}

function share(atom: Atom): number {
  return passes(atom.path, atom.kind, atom.kind === 'text' ? atom.globs : []);
}

/** Names of reads in a branch of their own, so that pieces of the other names cannot admit any. */
export function partReads(branches: readonly Branch[]): readonly Branch[] {
  return branches.flatMap((branch) => {
    const others = branch.names.filter((glob) => !mayRead(glob));
    if (others.length < WORTH_EXCLUDING) return [branch];
    const reads = branch.names.filter(mayRead);
    const parted = { ...branch, names: others, excluded: READS };
    return reads.length === 0 ? [parted] : [parted, { ...branch, names: reads }];
  });
}

function mayRead(glob: Glob): boolean {
  const [first = ''] = glob.parts;
  return isFolded(glob) || !glob.head || READS.some((read) => first.startsWith(read) || read.startsWith(first));
}

/** The estimated thousandths of ordinary events that pass. */
export function weighBranches(branches: readonly Branch[]): number {
  return branches.reduce((sum, { names, guards, excluded }) => {
    const named = names.length === 0 ? 1_000 : names.reduce((total, glob) => total + weighName(glob, excluded), 0);
    return sum + guards.reduce((rest, guard) => rest * share(guard), named);
  }, 0);
}
