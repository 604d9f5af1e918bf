import { foldAscii } from '../fold';
import { resolveConditions } from '../compile-rule';
import type { CompiledRule, Condition } from '../compiled-rules';
import type { Problems } from '../problems';
import type { ConditionSyntax } from '../syntax';
import type { FilterSyntax } from './parse';

/**
 * What a filter takes away. The specification's example names what is excluded (`condition: selection`), tools in
 * use ask for what stays (`condition: not selection`). Both are read as the exclusion that they are meant to be: a
 * condition in which every search is negated says what stays, any other says what goes.
 */
export function compileFilter(filter: FilterSyntax, problems: Problems): Condition | undefined {
  const condition = resolveConditions({ searches: filter.searches, conditions: [filter.condition] }, problems);
  if (condition === undefined) return undefined;
  return saysWhatStays(filter.condition, false) ? { kind: 'not', of: condition } : condition;
}

function saysWhatStays(condition: ConditionSyntax, negated: boolean): boolean {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.of.every((part) => saysWhatStays(part, negated));
    case 'not':
      return saysWhatStays(condition.of, !negated);
    case 'search':
    case 'some':
      return negated;
  }
}

/** The rule without what the filters take away. */
export function applyFilters(rule: CompiledRule, excluded: readonly Condition[]): CompiledRule {
  if (excluded.length === 0) return rule;
  const without = excluded.map((of): Condition => (of.kind === 'not' ? of.of : { kind: 'not', of }));
  return { ...rule, condition: { kind: 'all', of: [rule.condition, ...without] } };
}

/** A filter belongs to rules that look at nothing but what it looks at. */
export function sameLogsource(filter: FilterSyntax, rule: CompiledRule): boolean {
  return (['product', 'category', 'service'] as const).every((part) => {
    const wanted = filter.logsource[part];
    return wanted === undefined || foldAscii(wanted) === foldAscii(rule.logsource[part] ?? '');
  });
}
