import type { Program } from '../compiled-rules';
import { MAX_PATTERN_LENGTH } from '../filter-pattern/syntax';
import type { Clause } from './clauses';
import { logPattern, type Fitted } from './log-pattern';
import { branchesOf, clausesFor, partReads, POLICIES, weighBranches, type Branch } from './plan';

/** What a log group has left. */
export interface LogGroupLimits {
  /** Subscription filters that may be used: 1 or 2. */
  readonly filters: 1 | 2;
  /** @default 1,024 characters, the most that CloudWatch Logs takes */
  readonly patternLength?: number;
}

/** CloudTrail always names the call: a pattern for rules that look at nothing of CloudTrail's. */
const NOTHING = '{$.eventName NOT EXISTS}';
/** A second filter delivers what both match twice: it must be worth that. */
const WORTH_A_SECOND = 0.98;

/**
 * The filter patterns of CloudWatch Logs that keep away most of a trail's events and none that a rule would match, for
 * events that obey docs/cloudtrail-facts.md. One pattern, or two where that is allowed and keeps away more. `['']`, which
 * keeps nothing away, where the rules leave no choice.
 */
export function logFilterPatterns(program: Program, limits: LogGroupLimits): readonly string[] {
  const clauses = clausesFor(program);
  if (clauses.length === 0) return [NOTHING];
  const length = limits.patternLength ?? MAX_PATTERN_LENGTH;
  const one = best(clauses, (branches) => single(branches, length));
  if (limits.filters === 1 || one?.exact === true) return one?.patterns ?? [''];
  const two = best(clauses, (branches) => halves(branches, length));
  if (two === undefined || (one !== undefined && two.weight > one.weight * WORTH_A_SECOND))
    return one?.patterns ?? [''];
  return two.patterns;
}

interface Choice {
  readonly patterns: readonly string[];
  readonly weight: number;
  /** All that is known of the rules is in it. */
  readonly exact: boolean;
}

function best(
  clauses: readonly Clause[],
  fit: (branches: readonly Branch[]) => Choice | undefined,
): Choice | undefined {
  const tried = new Set<string>();
  let won: Choice | undefined;
  for (const policy of POLICIES) {
    const branches = branchesOf(clauses, policy);
    for (const candidate of branches === undefined ? [] : [branches, partReads(branches)]) {
      const key = JSON.stringify(candidate);
      if (tried.has(key)) continue;
      tried.add(key);
      const choice = fit(candidate);
      // Nothing was widened, and what follows is wider.
      if (choice?.weight === weighBranches(candidate) && policy === POLICIES[0]) return { ...choice, exact: true };
      // The first of equals: it says more.
      if (choice !== undefined && (won === undefined || choice.weight < won.weight)) won = choice;
    }
  }
  return won;
}

function single(branches: readonly Branch[], length: number): Choice | undefined {
  const fitted = logPattern(branches, length);
  return fitted && choice([fitted]);
}

/** The names of the longest list are shared out by the alphabet, so that hardly an event fits both. */
function halves(branches: readonly Branch[], length: number): Choice | undefined {
  const [longest, ...rest] = [...branches].sort((a, b) => b.names.length - a.names.length);
  if (longest === undefined) return undefined;
  const names = [...longest.names].sort((a, b) => (a.parts.join() < b.parts.join() ? -1 : 1));
  const inRest = rest.reduce((sum, branch) => sum + branch.names.length + branch.guards.length, 0);
  const cut = Math.min(names.length, Math.ceil((names.length + inRest) / 2));
  const second = cut < names.length ? [{ ...longest, names: names.slice(cut) }, ...rest] : rest;
  if (second.length === 0) return undefined;
  const one = logPattern([{ ...longest, names: names.slice(0, cut) }], length);
  const other = logPattern(second, length);
  return one && other && choice([one, other]);
}

function choice(fitted: readonly Fitted[]): Choice {
  return {
    patterns: fitted.map(({ pattern }) => pattern),
    weight: fitted.reduce((sum, { branches }) => sum + weighBranches(branches), 0),
    exact: false,
  };
}
