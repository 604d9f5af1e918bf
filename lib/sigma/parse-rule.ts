import { LEVELS, type Level } from '../model/alert';
import { parseCondition } from './parse-condition';
import { parseSearch } from './parse-detection';
import type { Place, Problems } from './problems';
import { didYouMean, nearestWord } from './suggest';
import type { ConditionSyntax, LogsourceSyntax, RuleSyntax, SearchSyntax } from './syntax';
import type { Entry, Tree, TreeMap } from './yaml';

const STATUSES = ['stable', 'test', 'experimental', 'deprecated', 'unsupported'];
const LOGSOURCE_KEYS = ['product', 'category', 'service', 'definition'];
/** Fields of Sigma 2.1. Any other field is allowed, unless it looks like a slip of one of these. */
const KEYS = [
  ...[
    'title',
    'id',
    'related',
    'name',
    'taxonomy',
    'status',
    'description',
    'license',
    'author',
    'references',
    'date',
    'modified',
  ],
  ...['logsource', 'detection', 'fields', 'falsepositives', 'level', 'tags', 'scope'],
];
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Sigma leaves the level optional; what nobody judged is neither ignored nor acted upon at once. */
const DEFAULT_LEVEL: Level = 'medium';

/** One YAML document to the syntax tree of a rule; undefined where nothing usable is left. */
export function parseRule(path: string, tree: Tree, problems: Problems): RuleSyntax | undefined {
  if (tree.kind !== 'map') {
    problems.add(tree, `a rule is a YAML map, got a ${tree.kind}`);
    return undefined;
  }
  if (refused(tree, problems)) return undefined;
  const fields = new Map(tree.entries.map((entry) => [entry.key, entry]));
  for (const entry of tree.entries) {
    const near = KEYS.includes(entry.key) ? undefined : nearestWord(entry.key, KEYS);
    if (near !== undefined && !fields.has(near))
      problems.add(entry.place, `unknown field '${entry.key}'; did you mean '${near}'?`);
  }

  const id = text(fields.get('id'), problems) ?? '';
  if (id === '') problems.add(tree, "'id' is missing; alerts are told apart by it, so give the rule a UUID");
  else if (!UUID.test(id)) problems.add(fields.get('id')?.value ?? tree, `'id' must be a UUID, got '${id}'`);
  const title = text(fields.get('title'), problems) ?? '';
  if (title === '') problems.add(tree, "'title' is missing");
  const level = oneOf(fields.get('level'), LEVELS, problems) as Level | undefined;
  const status = oneOf(fields.get('status'), STATUSES, problems);
  const logsource = parseLogsource(fields.get('logsource'), tree, problems);
  const detection = parseDetection(fields.get('detection'), tree, problems);
  if (logsource === undefined || detection === undefined) return undefined;
  return {
    path,
    place: { line: tree.line, column: tree.column },
    id: id.toLowerCase(),
    title,
    description: text(fields.get('description'), problems) ?? '',
    status: status ?? 'experimental',
    author: text(fields.get('author'), problems) ?? '',
    level: level ?? DEFAULT_LEVEL,
    tags: texts(fields.get('tags'), problems),
    falsepositives: texts(fields.get('falsepositives'), problems),
    logsource,
    ...detection,
  };
}

/** Kinds of documents that are Sigma but not yet ours: refused by name, never silently wrong. */
function refused(tree: TreeMap, problems: Problems): boolean {
  const kinds: Record<string, string> = {
    correlation: 'correlation rules are not supported yet',
    filter: 'Sigma filters are not supported yet',
    action: "rule collections with 'action' are the old syntax of Sigma 1: not supported; write each rule by itself",
  };
  const found = tree.entries.filter((entry) => Object.hasOwn(kinds, entry.key));
  for (const entry of found) problems.add(entry.place, kinds[entry.key] ?? '');
  return found.length > 0;
}

function parseLogsource(entry: Entry | undefined, tree: TreeMap, problems: Problems): LogsourceSyntax | undefined {
  if (entry?.value.kind !== 'map') {
    problems.add(entry?.value ?? tree, "'logsource' must be a map with 'product', 'category' or 'service'");
    return undefined;
  }
  const found: Record<string, string> = {};
  for (const part of entry.value.entries) {
    if (!LOGSOURCE_KEYS.includes(part.key)) {
      const near = nearestWord(part.key, LOGSOURCE_KEYS);
      if (near !== undefined)
        problems.add(part.place, `unknown log source field '${part.key}'; did you mean '${near}'?`);
    } else if (part.key !== 'definition') {
      found[part.key] = text(part, problems) ?? '';
    }
  }
  if (Object.keys(found).length === 0) {
    problems.add(
      entry.value,
      "'logsource' names no 'product', 'category' or 'service', so the rule would look at every event",
    );
  }
  return found;
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
  const searches = new Map<string, SearchSyntax>();
  let condition: Entry | undefined;
  for (const part of entry.value.entries) {
    if (part.key === 'condition') condition = part;
    else if (part.key === 'timeframe') {
      problems.add(
        part.place,
        "'timeframe' is the old syntax, which Sigma 2 replaced by correlation rules: not supported",
      );
    } else searches.set(part.key, parseSearch(part.value, problems));
  }
  if (searches.size === 0) problems.add(entry.value, "'detection' has no search identifier");
  if (condition === undefined) {
    const slip = nearestWord('condition', searches.keys());
    problems.add(
      entry.value,
      `'detection' has no 'condition'${slip === undefined ? '' : `; is '${slip}' meant to be it?`}`,
    );
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

function text(entry: Entry | undefined, problems: Problems): string | undefined {
  if (entry === undefined) return undefined;
  if (entry.value.kind === 'scalar' && entry.value.value !== null) return String(entry.value.value).trim();
  problems.add(entry.value, `'${entry.key}' must be a text`);
  return undefined;
}

function texts(entry: Entry | undefined, problems: Problems): string[] {
  if (entry === undefined || (entry.value.kind === 'scalar' && entry.value.value === null)) return [];
  const items = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  return items.flatMap((item) => {
    if (item.kind === 'scalar' && item.value !== null) return [String(item.value)];
    problems.add(item, `'${entry.key}' must be a list of texts`);
    return [];
  });
}

function oneOf(entry: Entry | undefined, known: readonly string[], problems: Problems): string | undefined {
  const value = text(entry, problems);
  if (value === undefined || known.includes(value)) return value;
  const place: Place = entry?.value ?? { line: 1, column: 1 };
  problems.add(
    place,
    `'${entry?.key ?? ''}' must be one of ${known.join(', ')}, got '${value}'${didYouMean(value, known)}`,
  );
  return undefined;
}
