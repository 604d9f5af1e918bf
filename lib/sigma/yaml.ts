import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Node } from 'yaml';
import type { Place, Problems } from './problems';

/** A YAML node with its place. The rest of the compiler knows nothing of the YAML package. */
export type Tree = Place &
  (
    | { readonly kind: 'scalar'; readonly value: string | number | boolean | null }
    | { readonly kind: 'list'; readonly items: readonly Tree[] }
    | { readonly kind: 'map'; readonly entries: readonly Entry[] }
  );
export interface Entry {
  readonly key: string;
  readonly place: Place;
  readonly value: Tree;
}
export type TreeMap = Extract<Tree, { kind: 'map' }>;
export type TreeList = Extract<Tree, { kind: 'list' }>;

/** A rule has a few kilobytes. An alias bomb has few characters and many nodes. */
const MAX_ALIASES = 100;

/** The documents of one file; syntax errors are told with their place. */
export function parseYaml(text: string, problems: Problems): Tree[] {
  const lines = new LineCounter();
  // `core` keeps dates as text and knows no yes/no, as Sigma's own tools do.
  const documents = parseAllDocuments(text, { lineCounter: lines, schema: 'core', uniqueKeys: true });
  if (!Array.isArray(documents)) return [];
  const trees: Tree[] = [];
  for (const document of documents) {
    for (const error of document.errors) {
      const { line, col } = lines.linePos(error.pos[0]);
      problems.add(
        { line, column: col },
        `not valid YAML: ${(error.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '')}`,
      );
    }
    if (document.errors.length > 0 || document.contents === null) continue;
    let aliases = 0;
    const convert = (node: Node | null | undefined): Tree => {
      const { line, col } = lines.linePos(node?.range?.[0] ?? 0);
      const place: Place = { line, column: col };
      if (isScalar(node)) return { ...place, kind: 'scalar', value: scalar(node.value) };
      if (isSeq(node)) return { ...place, kind: 'list', items: node.items.map((item) => convert(item as Node)) };
      if (isMap(node)) {
        return {
          ...place,
          kind: 'map',
          entries: node.items.map((pair) => {
            const key = convert(pair.key as Node);
            const value = convert(pair.value as Node | null);
            const keyText = key.kind === 'scalar' ? String(key.value) : '';
            if (keyText === '') problems.add(key, 'a key must be a non-empty text');
            return {
              key: keyText,
              place: key,
              value: pair.value === null ? { ...key, kind: 'scalar', value: null } : value,
            };
          }),
        };
      }
      if (isAlias(node)) {
        const target = ++aliases <= MAX_ALIASES ? node.resolve(document) : undefined;
        if (target !== undefined) return convert(target);
        problems.add(place, `alias '*${node.source}' is unknown, or there are more than ${MAX_ALIASES} aliases`);
      }
      return { ...place, kind: 'scalar', value: null };
    };
    trees.push(convert(document.contents));
  }
  return trees;
}

function scalar(value: unknown): string | number | boolean | null {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null)
    return value;
  return typeof value === 'bigint' ? value.toString() : null;
}
