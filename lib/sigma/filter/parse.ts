import { parseLogsource, text, texts, fieldsOf, type Origin } from '../metadata';
import { parseSearches } from '../parse-rule';
import type { Place, Problems } from '../problems';
import type { ConditionSyntax, LogsourceSyntax, SearchSyntax } from '../syntax';
import type { TreeMap } from '../yaml';

/** A filter as it was written: what is excluded from which rules. */
export interface FilterSyntax {
  readonly path: string;
  readonly place: Place;
  readonly title: string;
  readonly logsource: LogsourceSyntax;
  /** Ids or names. */
  readonly rules: readonly { readonly reference: string; readonly place: Place }[];
  readonly searches: ReadonlyMap<string, SearchSyntax>;
  readonly condition: ConditionSyntax;
}

const KEYS = ['title', 'id', 'name', 'description', 'author', 'date', 'modified', 'taxonomy', 'logsource', 'filter'];

/** One YAML document with `filter`; undefined where nothing usable is left. */
export function parseFilter(origin: Origin, tree: TreeMap, problems: Problems): FilterSyntax | undefined {
  const fields = fieldsOf(tree, KEYS, problems);
  const title = text(fields.get('title'), problems) ?? '';
  if (title === '') problems.add(tree, "'title' is missing");
  for (const key of ['level', 'status', 'detection']) {
    const entry = fields.get(key);
    if (entry !== undefined)
      problems.add(entry.place, `a filter has no '${key}': it only takes from the rules it names`);
  }
  const logsource = parseLogsource(fields.get('logsource'), tree, problems);
  const filter = fields.get('filter');
  if (filter?.value.kind !== 'map') {
    problems.add(filter?.value ?? tree, "'filter' must be a map of 'rules', search identifiers and a 'condition'");
    return undefined;
  }
  const rules = filter.value.entries.find(({ key }) => key === 'rules');
  if (rules?.value.kind !== 'list' || rules.value.items.length === 0) {
    problems.add(rules?.value ?? filter.value, "'rules' must list the ids or names of the rules that are filtered");
    return undefined;
  }
  texts(rules, problems);
  const parsed = parseSearches(filter.value, 'filter', ['rules'], problems);
  const [condition, second] = parsed?.conditions ?? [];
  if (second !== undefined) problems.add(filter.value, "a filter has one 'condition'; join them with 'or'");
  if (logsource === undefined || parsed === undefined || condition === undefined) return undefined;
  const referenced = rules.value.items.flatMap((item) =>
    item.kind === 'scalar' && item.value !== null ? [{ reference: String(item.value), place: item }] : [],
  );
  return {
    path: origin.path,
    place: { line: tree.line, column: tree.column },
    title,
    logsource,
    rules: referenced,
    searches: parsed.searches,
    condition,
  };
}
