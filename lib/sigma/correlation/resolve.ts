import type { AboutRule, CompiledCorrelation, CorrelatedField } from '../compiled-rules';
import type { Problems } from '../problems';
import { didYouMean } from '../suggest';
import type { CorrelationSyntax, Reference } from './syntax';

/** What ids and names lead to. */
export interface Registry {
  /** The id behind an id or a name; undefined where there is none. */
  find(reference: string): string | undefined;
  /** Ids and names, for suggestions. */
  readonly known: Iterable<string>;
}

/** A correlation with its references looked up; undefined where one leads nowhere. */
export function resolveCorrelation(
  syntax: CorrelationSyntax,
  registry: Registry,
  problems: Problems,
): CompiledCorrelation | undefined {
  const before = problems.all.length;
  const rules = syntax.rules.map(({ reference, place }) => {
    const id = registry.find(reference);
    if (id === undefined) {
      const hint = didYouMean(reference, registry.known);
      problems.add(place, `no rule has the id or name '${reference}'${hint || '; give it with the other rule files'}`);
    }
    return id ?? '';
  });
  const fieldOf = (field: Reference): CorrelatedField => ({
    name: field.reference,
    paths: pathsOf(field, syntax, rules, registry, problems),
  });
  const groupBy = syntax.groupBy.map(fieldOf);
  const fields = syntax.fields.map(fieldOf);
  for (const [name, { place, fields: mapped }] of syntax.aliases) {
    for (const [rule, { place: at }] of mapped)
      if (!rules.includes(registry.find(rule) ?? '?'))
        problems.add(
          at,
          `alias '${name}' names '${rule}', which is not in 'rules'${didYouMean(
            rule,
            syntax.rules.map(({ reference }) => reference),
          )}`,
        );
    if (![...syntax.groupBy, ...syntax.fields].some(({ reference }) => reference === name))
      problems.add(place, `alias '${name}' is used neither in 'group-by' nor in 'condition'`);
  }
  if (problems.all.length > before) return undefined;
  const { id, title, description, status, author, level, tags, falsepositives, name } = syntax;
  const about: AboutRule = { id, title, description, status, author, level, tags, falsepositives };
  return {
    ...about,
    ...(name !== undefined && { name }),
    type: syntax.type,
    rules,
    groupBy,
    timespan: syntax.timespan,
    holds: syntax.holds,
    fields,
    ...(syntax.percentile !== undefined && { percentile: syntax.percentile }),
  };
}

function pathsOf(
  field: Reference,
  syntax: CorrelationSyntax,
  rules: readonly string[],
  registry: Registry,
  problems: Problems,
): string[] {
  const alias = syntax.aliases.get(field.reference);
  if (alias === undefined) return rules.map(() => field.reference);
  return rules.map((id, index) => {
    const found = [...alias.fields].find(([rule]) => registry.find(rule) === id);
    if (found === undefined)
      problems.add(
        alias.place,
        `alias '${field.reference}' has no field for the rule '${syntax.rules[index]?.reference ?? id}'`,
      );
    return found?.[1].reference ?? '';
  });
}

/** Each correlation after those that it refers to. What refers to itself, over however many others, is told. */
export function inOrder(
  correlations: readonly CompiledCorrelation[],
  tell: (correlation: CompiledCorrelation, message: string) => void,
): CompiledCorrelation[] {
  const byId = new Map(correlations.map((correlation) => [correlation.id, correlation]));
  const done = new Map<string, 'open' | 'ordered' | 'circular'>();
  const ordered: CompiledCorrelation[] = [];
  const visit = (correlation: CompiledCorrelation): boolean => {
    const state = done.get(correlation.id);
    if (state !== undefined) return state === 'ordered';
    done.set(correlation.id, 'open');
    const below = correlation.rules.flatMap((id) => byId.get(id) ?? []);
    const good = below.map(visit).every((fine) => fine);
    done.set(correlation.id, good ? 'ordered' : 'circular');
    if (good) ordered.push(correlation);
    else tell(correlation, 'the correlation refers to itself, by way of those that it names; take one of them out');
    return good;
  };
  correlations.forEach(visit);
  return ordered;
}
