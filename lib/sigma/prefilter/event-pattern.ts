import type { Program } from '../compiled-rules';
import type { Json, JsonObject } from '../../model/json';
import { coverNames, type NameStyle } from './cover';
import { fitsAll, isFolded, type Glob } from './glob';
import type { Atom } from './need';
import { branchesOf, clausesFor, POLICIES, weighBranches, type Branch } from './plan';

/** Source: EventBridge quotas, "Event pattern size". */
export const MAX_EVENT_PATTERN = 2_048;
/** For `detail-type` and what CDK adds around. */
const AROUND = 148;

/** CloudTrail always names the call: a pattern for rules that look at nothing of CloudTrail's. */
const NOTHING: JsonObject = { eventName: [{ exists: false }] };

const STYLE: NameStyle = {
  length: (glob) => JSON.stringify(matcherOf(glob) ?? '').length + 1,
  forms: ['start'],
};

/**
 * What `detail` of CloudTrail's events on a bus must look like for any rule, as an event pattern of EventBridge; sound as
 * the patterns of log groups are. Undefined where everything must pass.
 *
 * @param limit characters of the JSON of `detail`
 */
export function eventBridgeDetail(program: Program, limit = MAX_EVENT_PATTERN - AROUND): JsonObject | undefined {
  const clauses = clausesFor(program);
  if (clauses.length === 0) return NOTHING;
  let best: { readonly detail: JsonObject; readonly weight: number } | undefined;
  for (const policy of POLICIES) {
    const branches = branchesOf(clauses, policy)?.map(expressible);
    if (branches === undefined || branches.some((branch) => branch === undefined)) continue;
    const fitted = fit(branches as Branch[], limit);
    if (fitted === undefined) continue;
    const weight = weighBranches(fitted);
    if (best === undefined || weight < best.weight) best = { detail: detailOf(fitted), weight };
  }
  return best?.detail;
}

/** Without conditions that event patterns cannot say; undefined where none is left. */
function expressible({ names, guards }: Branch): Branch | undefined {
  const kept = guards.filter(
    (atom) => atom.kind !== 'text' || atom.globs.every((glob) => matcherOf(glob) !== undefined),
  );
  if (names.every((glob) => matcherOf(glob) !== undefined) && (names.length > 0 || kept.length > 0))
    return { names, guards: kept };
  return names.length > 0 && kept.length > 0 ? { names: [], guards: kept } : undefined;
}

function fit(branches: readonly Branch[], limit: number): readonly Branch[] | undefined {
  const room = limit - JSON.stringify(detailOf(branches.map((branch) => ({ ...branch, names: [] })))).length;
  const sizes = branches.map(({ names }) => names.reduce((sum, glob) => sum + STYLE.length(glob), 0));
  // `"eventName":[],` and the braces of each branch.
  const available = room - branches.length * 20;
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const fitted: Branch[] = [];
  for (const [index, branch] of branches.entries()) {
    const size = sizes[index] ?? 0;
    const names = coverNames(branch.names, total <= available ? size : Math.floor((available * size) / total), STYLE);
    if (names === undefined) return undefined;
    fitted.push({ ...branch, names });
  }
  return JSON.stringify(detailOf(fitted)).length <= limit ? fitted : undefined;
}

function detailOf(branches: readonly Branch[]): JsonObject {
  const of = branches.map(branchDetail);
  const [only] = of;
  return of.length === 1 && only !== undefined ? only : { $or: of };
}

function branchDetail({ names, guards }: Branch): JsonObject {
  const detail: JsonObject = {};
  if (names.length > 0) detail.eventName = matchers(names);
  for (const guard of guards) put(detail, guard.path.split('.'), valuesOf(guard));
  return detail;
}

function put(into: JsonObject, [key = '', ...rest]: readonly string[], values: Json[]): void {
  if (rest.length === 0) {
    into[key] = values;
    return;
  }
  const inner = (into[key] as JsonObject | undefined) ?? {};
  into[key] = inner;
  put(inner, rest, values);
}

function valuesOf(atom: Atom): Json[] {
  switch (atom.kind) {
    case 'missing':
    case 'present':
      return [{ exists: atom.kind === 'present' }];
    case 'flag':
      return [atom.value];
    case 'text':
      return matchers(atom.globs);
  }
}

function matchers(globs: readonly Glob[]): Json[] {
  return globs.map(matcherOf).filter((matcher) => matcher !== undefined);
}

/** One alternative; wider where it has gaps, and undefined where EventBridge has nothing for it. */
function matcherOf(glob: Glob): Json | undefined {
  const [first = ''] = glob.parts;
  const last = glob.parts.at(-1) ?? '';
  const folded = isFolded(glob);
  const cased = (text: string): Json => (folded ? { 'equals-ignore-case': text } : text);
  if (fitsAll(glob)) return undefined;
  if (glob.head && glob.tail && glob.parts.length === 1) return cased(first);
  if (glob.head) return { prefix: cased(first) };
  if (glob.tail) return { suffix: cased(last) };
  // Its backslash and star have a meaning in wildcards.
  return folded || /[*\\]/.test(first) ? undefined : { wildcard: `*${first}*` };
}
