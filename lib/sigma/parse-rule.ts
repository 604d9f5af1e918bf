import { fieldsOf, parseLogsource, parseMetadata, type Origin } from './metadata';
import { parseCondition } from './parse-condition';
import { parseSearch } from './parse-detection';
import type { Problems } from './problems';
import { nearestWord } from './suggest';
import type { ConditionSyntax, RuleSyntax, SearchSyntax } from './syntax';
import type { Entry, Tree, TreeMap } from './yaml';

/** Fields of Sigma 2.1. Any other field is allowed, unless it looks like a slip of one of these. */
const KEYS = [
  ...['title', 'id', 'related', 'name', 'taxonomy', 'status', 'description', 'license', 'author', 'references'],
  ...['date', 'modified', 'logsource', 'detection', 'fields', 'falsepositives', 'level', 'tags', 'scope'],
];

/** One YAML document to the syntax tree of a rule; undefined where nothing usable is left. */
export function parseRule(origin: Origin, tree: TreeMap, problems: Problems): RuleSyntax | undefined {
  const fields = fieldsOf(tree, KEYS, problems);
  const metadata = parseMetadata(origin, tree, fields, problems);
  const logsource = parseLogsource(fields.get('logsource'), tree, problems);
  const detection = parseDetection(fields.get('detection'), tree, problems);
  return logsource === undefined || detection === undefined ? undefined : { ...metadata, logsource, ...detection };
}

function parseDetection(
  entry: Entry | undefined,
  tree: TreeMap,
  problems: Problems,
): { searches: Map<string, SearchSyntax>; conditions: ConditionSyntax[] } | undefined {
  if (entry?.value.kind !== 'map') {
    problems.add(entry?.value ?? tree, "'detection' must be a map of search identifiers and a 'condition'");
    return undefined;
  }
  const parsed = parseSearches(entry.value, 'detection', [], problems);
  return parsed && { searches: parsed.searches, conditions: parsed.conditions };
}

/** Search identifiers and their condition: of a detection, and of a filter, which has `rules` beside them. */
export function parseSearches(
  tree: TreeMap,
  of: 'detection' | 'filter',
  others: readonly string[],
  problems: Problems,
): { searches: Map<string, SearchSyntax>; conditions: ConditionSyntax[] } | undefined {
  const searches = new Map<string, SearchSyntax>();
  let condition: Entry | undefined;
  for (const part of tree.entries) {
    if (others.includes(part.key)) continue;
    if (part.key === 'condition') condition = part;
    else if (part.key === 'timeframe') {
      problems.add(
        part.place,
        "'timeframe' is the old syntax, which Sigma 2 replaced by correlation rules: not supported; " +
          `take it away and write a correlation: ${modernForm('event_count', timespanOf(part.value))}`,
      );
    } else searches.set(part.key, parseSearch(part.value, problems));
  }
  if (searches.size === 0) problems.add(tree, `'${of}' has no search identifier`);
  if (condition === undefined) {
    const slip = nearestWord('condition', searches.keys());
    problems.add(tree, `'${of}' has no 'condition'${slip === undefined ? '' : `; is '${slip}' meant to be it?`}`);
    return undefined;
  }
  const written = condition.value.kind === 'list' ? condition.value.items : [condition.value];
  const conditions = written.flatMap((item) => {
    if (item.kind !== 'scalar' || typeof item.value !== 'string' || item.value.trim() === '') {
      problems.add(item, "'condition' must be a text or a list of texts");
      return [];
    }
    return parseCondition(item.value, item, problems) ?? [];
  });
  return { searches, conditions };
}

function timespanOf(value: Tree): string {
  return value.kind === 'scalar' && value.value !== null ? String(value.value) : '10m';
}

/** What the old syntax is written as today. */
export function modernForm(type: string, timespan = '10m', condition = ', condition: {gte: 10}'): string {
  return `{type: ${type}, rules: [<name of this rule>], group-by: [<field>], timespan: ${timespan}${condition}}`;
}
