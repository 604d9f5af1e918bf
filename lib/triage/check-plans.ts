import { LEVELS, type Level } from '../model/alert';
import type { ResponsePlan } from '../model/plan';
import { IMPACTS } from '../model/severity';

/** What can be known at synth of the rules that raise alerts. */
export interface KnownRule {
  readonly id: string;
  readonly level: Level;
}

/**
 * Plans that can never answer, each in a sentence with the remedy: whoever wrote one believes that something is
 * contained, or somebody told, and it is not.
 */
export function whyPlansNeverAnswer(plans: readonly ResponsePlan[], rules: readonly KnownRule[]): string[] {
  return plans.flatMap((plan, index) => {
    const problem = impossible(plan, rules) ?? shadowed(plan, plans.slice(0, index));
    return problem === undefined ? [] : [`response plan '${plan.name}' can never answer: ${problem}`];
  });
}

function impossible({ when }: ResponsePlan, rules: readonly KnownRule[]): string | undefined {
  for (const [name, list] of Object.entries(when)) {
    if (Array.isArray(list) && list.length === 0) return `'${name}' is empty; leave it out, or name one`;
  }
  if (!when.rules) return undefined;
  const known = rules.filter(({ id }) => when.rules?.includes(id));
  const missing = when.rules.filter((id) => !known.some((rule) => rule.id === id));
  if (missing.length > 0) return `there is no rule ${missing.join(', ')}; correct the id, or add the rule`;
  const { levelAtLeast } = when;
  if (levelAtLeast && known.every(({ level }) => LEVELS.indexOf(level) < LEVELS.indexOf(levelAtLeast))) {
    return `none of its rules has the level '${levelAtLeast}' or a worse one; lower 'levelAtLeast'`;
  }
  return undefined;
}

/** The first whose conditions hold answers: one that holds whenever this one does stands before it. */
function shadowed(plan: ResponsePlan, before: readonly ResponsePlan[]): string | undefined {
  const other = before.find(({ when }) => holdsWhenever(when, plan.when));
  if (!other) return undefined;
  return `'${other.name}' stands before it and answers whenever it would; move '${plan.name}' up`;
}

type When = ResponsePlan['when'];

function holdsWhenever(wide: When, narrow: When): boolean {
  return (
    includesAll(wide.rules, narrow.rules) &&
    includesAll(wide.tags, narrow.tags) &&
    includesAll(wide.sources, narrow.sources) &&
    includesAll(wide.entityKinds, narrow.entityKinds) &&
    includesAll(wide.entities, narrow.entities) &&
    includesAll(wide.accounts, narrow.accounts) &&
    isNoHigher(LEVELS.indexOf(wide.levelAtLeast ?? 'informational'), narrow.levelAtLeast, LEVELS) &&
    isNoHigher(-IMPACTS.indexOf(wide.criticalityAtLeast ?? 'low'), narrow.criticalityAtLeast, IMPACTS, -1)
  );
}

function includesAll<T>(wide: readonly T[] | undefined, narrow: readonly T[] | undefined): boolean {
  return wide === undefined || (narrow?.every((value) => wide.includes(value)) ?? false);
}

/** A condition that is left out is the lowest there is. */
function isNoHigher<T>(wide: number, narrow: T | undefined, order: readonly T[], sign = 1): boolean {
  const lowest = sign === 1 ? 0 : -(order.length - 1);
  return wide <= (narrow === undefined ? lowest : sign * order.indexOf(narrow));
}
