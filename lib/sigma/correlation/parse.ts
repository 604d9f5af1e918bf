import { CORRELATION_TYPES, type CorrelationType } from '../compiled-rules';
import { fieldsOf, oneOf, parseMetadata, text, type Origin } from '../metadata';
import type { Problems } from '../problems';
import { didYouMean } from '../suggest';
import type { Entry, TreeMap } from '../yaml';
import { parseCorrelationCondition } from './condition';
import type { AliasSyntax, CorrelationSyntax, Reference } from './syntax';
import { parseTimespan } from './timespan';

const KEYS = [
  ...['title', 'id', 'name', 'related', 'taxonomy', 'status', 'description', 'license', 'author', 'references'],
  ...['date', 'modified', 'correlation', 'falsepositives', 'level', 'tags', 'generate', 'scope', 'fields'],
];
const SECTION = ['type', 'rules', 'aliases', 'group-by', 'timespan', 'condition', 'generate'];

/** One YAML document with `correlation`; undefined where nothing usable is left. */
export function parseCorrelation(origin: Origin, tree: TreeMap, problems: Problems): CorrelationSyntax | undefined {
  const before = problems.all.length;
  const fields = fieldsOf(tree, KEYS, problems);
  const metadata = parseMetadata(origin, tree, fields, problems);
  for (const key of ['detection', 'logsource']) {
    const entry = fields.get(key);
    if (entry !== undefined)
      problems.add(
        entry.place,
        `a correlation has no '${key}': it refers to rules that have one; put them into documents of their own`,
      );
  }
  const section = fields.get('correlation');
  if (section?.value.kind !== 'map') {
    problems.add(section?.value ?? tree, "'correlation' must be a map with 'type', 'rules', 'group-by' and 'timespan'");
    return undefined;
  }
  const parts = new Map(section.value.entries.map((entry) => [entry.key, entry]));
  for (const { key, place } of section.value.entries)
    if (!SECTION.includes(key)) problems.add(place, `unknown key '${key}' in 'correlation'${didYouMean(key, SECTION)}`);
  const missing = (key: string, why: string): void => problems.add(section.value, `'${key}' is missing: ${why}`);

  if (!parts.has('type')) missing('type', `one of ${CORRELATION_TYPES.join(', ')}`);
  const type = oneOf(parts.get('type'), CORRELATION_TYPES, problems) as CorrelationType | undefined;
  if (!parts.has('rules')) missing('rules', 'the ids or names of what is correlated');
  const rules = referenceList(parts.get('rules'), problems);
  if (parts.has('rules') && rules.length === 0) problems.add(section.value, "'rules' names no rule");
  if (!parts.has('group-by'))
    missing('group-by', 'the fields that belong together; [] looks at all events as one group');
  const groupBy = referenceList(parts.get('group-by'), problems);
  if (!parts.has('timespan')) missing('timespan', 'how far apart events may be, as in 10m');
  const timespan = parts.has('timespan') ? parseTimespan(text(parts.get('timespan'), problems) ?? '') : 0;
  if (typeof timespan === 'string') problems.add(parts.get('timespan')?.value ?? tree, timespan);
  if (type === undefined) return undefined;
  const condition = parseCorrelationCondition(parts.get('condition'), type, rules.length, section.value, problems);
  if (type === 'temporal_ordered' || type === 'temporal') {
    const [only, second] = rules;
    if (only !== undefined && second === undefined)
      problems.add(only.place, `a ${type} correlation is about several rules, got one; for one rule take event_count`);
  }
  const aliases = parseAliases(parts.get('aliases'), problems);
  const generate = [fields.get('generate'), parts.get('generate')].some((entry) => flag(entry, problems));
  if (problems.all.length > before || typeof timespan === 'string') return undefined;
  return { ...metadata, type, rules, aliases, groupBy, timespan, ...condition, generate };
}

function referenceList(entry: Entry | undefined, problems: Problems): Reference[] {
  if (entry === undefined) return [];
  const items = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  const seen = new Set<string>();
  return items.flatMap((item) => {
    const reference = item.kind === 'scalar' && item.value !== null ? String(item.value).trim() : '';
    if (reference === '') problems.add(item, `'${entry.key}' must be a list of texts`);
    else if (seen.has(reference)) problems.add(item, `'${reference}' is named twice in '${entry.key}'`);
    else {
      seen.add(reference);
      return [{ reference, place: item }];
    }
    return [];
  });
}

function parseAliases(entry: Entry | undefined, problems: Problems): Map<string, AliasSyntax> {
  const aliases = new Map<string, AliasSyntax>();
  if (entry === undefined) return aliases;
  if (entry.value.kind !== 'map') {
    problems.add(entry.value, "'aliases' is a map of alias → rule → field");
    return aliases;
  }
  for (const alias of entry.value.entries) {
    if (alias.value.kind !== 'map') {
      problems.add(alias.value, `alias '${alias.key}' is a map of rule → field`);
      continue;
    }
    const fields = alias.value.entries.map((part): [string, Reference] => [
      part.key,
      { reference: text(part, problems) ?? '', place: part.place },
    ]);
    aliases.set(alias.key, { place: alias.place, fields: new Map(fields) });
  }
  return aliases;
}

function flag(entry: Entry | undefined, problems: Problems): boolean {
  if (entry === undefined) return false;
  if (entry.value.kind === 'scalar' && typeof entry.value.value === 'boolean') return entry.value.value;
  problems.add(entry.value, `'${entry.key}' is true or false`);
  return false;
}
