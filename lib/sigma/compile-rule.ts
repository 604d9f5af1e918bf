import { assertNever } from '../model/assert-never';
import { compileItem } from './compile-item';
import type { Problems } from './problems';
import type { CompiledRule, Condition } from './compiled-rules';
import { didYouMean } from './suggest';
import type { ConditionSyntax, RuleSyntax, SearchSyntax } from './syntax';

/** A syntax tree to a checked rule; undefined where it has mistakes, which are then told. */
export function compileRule(rule: RuleSyntax, problems: Problems): CompiledRule | undefined {
  const condition = resolveConditions(rule, problems);
  if (condition === undefined) return undefined;
  const { id, title, description, status, author, level, tags, falsepositives, logsource, name } = rule;
  const about = { id, title, description, status, author, level, tags, falsepositives, logsource };
  return { ...about, ...(name !== undefined && { name }), condition };
}

type Searches = Pick<RuleSyntax, 'searches' | 'conditions'>;

/** Searches and the conditions about them to one condition; undefined where there are mistakes, which are then told. */
export function resolveConditions(rule: Searches, problems: Problems): Condition | undefined {
  const before = problems.all.length;
  // All searches, used or not, so that every mistake is told at once.
  const searches = new Map<string, Condition>();
  for (const [name, search] of rule.searches) {
    const condition = compileSearch(search, problems);
    if (condition !== undefined) searches.set(name, condition);
  }
  const conditions = rule.conditions.map((condition) => resolve(condition, rule, searches, problems));
  return problems.all.length > before || conditions.length === 0 ? undefined : joined('any', conditions);
}

/** One search identifier to a condition; undefined where nothing of it is usable. */
export function compileSearch(search: SearchSyntax, problems: Problems): Condition | undefined {
  const of =
    search.kind === 'all'
      ? search.of.map((item) => compileItem(item, problems))
      : search.of.map((one) => compileSearch(one, problems));
  const found = of.filter((condition) => condition !== undefined);
  return found.length === 0 ? undefined : joined(search.kind, found);
}

function joined(kind: 'all' | 'any', of: readonly Condition[]): Condition {
  const [only] = of;
  return of.length === 1 && only !== undefined ? only : { kind, of };
}

const NEVER: Condition = { kind: 'any', of: [] };

function resolve(
  condition: ConditionSyntax,
  rule: Searches,
  searches: ReadonlyMap<string, Condition>,
  problems: Problems,
): Condition {
  switch (condition.kind) {
    case 'or':
    case 'and': {
      const of = condition.of.map((part) => resolve(part, rule, searches, problems));
      return joined(condition.kind === 'or' ? 'any' : 'all', of);
    }
    case 'not':
      return { kind: 'not', of: resolve(condition.of, rule, searches, problems) };
    case 'search': {
      if (!rule.searches.has(condition.name)) {
        const hint = didYouMean(condition.name, rule.searches.keys());
        problems.add(condition.place, `unknown search identifier '${condition.name}'${hint}`);
      }
      return searches.get(condition.name) ?? NEVER;
    }
    case 'some': {
      const names = matchingNames(condition.pattern, [...rule.searches.keys()]);
      if (names.length === 0) {
        const hint = didYouMean(condition.pattern, rule.searches.keys());
        problems.add(condition.place, `no search identifier fits '${condition.pattern}'${hint}`);
      }
      const of = names.map((name) => searches.get(name) ?? NEVER);
      return joined(condition.count === 'all' ? 'all' : 'any', of);
    }
    default:
      return assertNever(condition);
  }
}

/** `them` is all identifiers but those that begin with `_`; a pattern has `*`. */
export function matchingNames(pattern: string, names: readonly string[]): string[] {
  if (pattern.toLowerCase() === 'them') return names.filter((name) => !name.startsWith('_'));
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const fits = new RegExp(`^${parts.join('.*')}$`);
  return names.filter((name) => fits.test(name));
}
