import { LEVELS, type Level } from '../model/alert';
import { sha256 } from '../model/ids';
import type { Place, Problems } from './problems';
import { didYouMean, nearestWord } from './suggest';
import type { LogsourceSyntax } from './syntax';
import type { Entry, TreeMap } from './yaml';

/** What detections and correlations say about themselves. */
export interface Metadata {
  readonly path: string;
  readonly place: Place;
  readonly id: string;
  readonly name?: string;
  readonly title: string;
  readonly description: string;
  readonly status: string;
  readonly author: string;
  readonly level: Level;
  readonly tags: readonly string[];
  readonly falsepositives: readonly string[];
}

const STATUSES = ['stable', 'test', 'experimental', 'deprecated', 'unsupported'];
const LOGSOURCE_KEYS = ['product', 'category', 'service', 'definition'];
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Sigma leaves the level optional; what nobody judged is neither ignored nor acted upon at once. */
const DEFAULT_LEVEL: Level = 'medium';

export type Fields = ReadonlyMap<string, Entry>;

/** Where a document stands: its number tells documents without an id apart. */
export interface Origin {
  readonly path: string;
  readonly number: number;
}

/** The entries by key; what looks like a slip of a known field is told. Other fields are allowed. */
export function fieldsOf(tree: TreeMap, known: readonly string[], problems: Problems): Fields {
  const fields = new Map(tree.entries.map((entry) => [entry.key, entry]));
  for (const entry of tree.entries) {
    const near = known.includes(entry.key) ? undefined : nearestWord(entry.key, known);
    if (near !== undefined && !fields.has(near))
      problems.add(entry.place, `unknown field '${entry.key}'; did you mean '${near}'?`);
  }
  return fields;
}

export function parseMetadata(origin: Origin, tree: TreeMap, fields: Fields, problems: Problems): Metadata {
  const title = text(fields.get('title'), problems) ?? '';
  if (title === '') problems.add(tree, "'title' is missing");
  const name = text(fields.get('name'), problems);
  const level = oneOf(fields.get('level'), LEVELS, problems) as Level | undefined;
  const status = oneOf(fields.get('status'), STATUSES, problems);
  return {
    path: origin.path,
    place: { line: tree.line, column: tree.column },
    id: parseId(fields.get('id'), problems) ?? derivedId(title, name ?? '', origin.number),
    ...(name !== undefined && { name }),
    title,
    description: text(fields.get('description'), problems) ?? '',
    status: status ?? 'experimental',
    author: text(fields.get('author'), problems) ?? '',
    level: level ?? DEFAULT_LEVEL,
    tags: texts(fields.get('tags'), problems),
    falsepositives: texts(fields.get('falsepositives'), problems),
  };
}

function parseId(entry: Entry | undefined, problems: Problems): string | undefined {
  const id = text(entry, problems);
  if (entry === undefined || id === undefined) return undefined;
  if (!UUID.test(id)) problems.add(entry.value, `'id' must be a UUID, got '${id}'`);
  return id.toLowerCase();
}

/** Sigma leaves the id optional, and alerts are told apart by it: the same title in the same place is the same rule. */
function derivedId(title: string, name: string, number: number): string {
  const hex = sha256(JSON.stringify(['sigma', title, name, number]));
  // Version 8 of RFC 9562: a UUID of one's own making.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export function parseLogsource(
  entry: Entry | undefined,
  tree: TreeMap,
  problems: Problems,
): LogsourceSyntax | undefined {
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

export function text(entry: Entry | undefined, problems: Problems): string | undefined {
  if (entry === undefined) return undefined;
  if (entry.value.kind === 'scalar' && entry.value.value !== null) return String(entry.value.value).trim();
  problems.add(entry.value, `'${entry.key}' must be a text`);
  return undefined;
}

export function texts(entry: Entry | undefined, problems: Problems): string[] {
  if (entry === undefined || (entry.value.kind === 'scalar' && entry.value.value === null)) return [];
  const items = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  return items.flatMap((item) => {
    if (item.kind === 'scalar' && item.value !== null) return [String(item.value)];
    problems.add(item, `'${entry.key}' must be a list of texts`);
    return [];
  });
}

export function oneOf(entry: Entry | undefined, known: readonly string[], problems: Problems): string | undefined {
  const value = text(entry, problems);
  if (value === undefined || known.includes(value)) return value;
  const place: Place = entry?.value ?? { line: 1, column: 1 };
  problems.add(
    place,
    `'${entry?.key ?? ''}' must be one of ${known.join(', ')}, got '${value}'${didYouMean(value, known)}`,
  );
  return undefined;
}
