import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Node } from 'yaml';
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

/** A rule has a few hundred nodes. An alias bomb has few characters and many of them. */
const MAX_NODES = 200_000;
const MAX_ALIASES = 100;
/** A rule needs six. */
const MAX_DEPTH = 50;
/** Told of one file: what comes after a syntax error is often only its consequence. */
const MAX_ERRORS = 20;

/** The documents of one file; syntax errors are told with their place. Never throws for what is in the text. */
export function parseYaml(text: string, problems: Problems): Tree[] {
  const lines = new LineCounter();
  // `core` keeps dates as text and knows no yes/no, as Sigma's own tools do. The package's own check of keys and its
  // pretty messages take time with the square of the file.
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    schema: 'core',
    uniqueKeys: false,
    prettyErrors: false,
  });
  if (!Array.isArray(documents)) return [];
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const errors = documents.flatMap((document) => document.errors);
  const deep = errors.find(({ message }) => message.startsWith('Maximum call stack'));
  if (deep !== undefined) {
    problems.add(place(deep.pos[0]), TOO_DEEP);
    return [];
  }
  for (const { message, pos } of errors.slice(0, MAX_ERRORS)) problems.add(place(pos[0]), `not valid YAML: ${message}`);
  if (errors.length > MAX_ERRORS)
    problems.add(
      place(errors[MAX_ERRORS]?.pos[0] ?? 0),
      `${errors.length - MAX_ERRORS} more syntax errors from here on`,
    );
  const converter = new Converter(place, problems);
  return documents.flatMap((document) =>
    document.errors.length > 0 || document.contents === null ? [] : [converter.convert(document)],
  );
}

const TOO_DEEP = `nested deeper than ${MAX_DEPTH} levels, which no rule needs`;

/** Nodes of the YAML package to trees of ours. Aliases become copies, within limits for the file. */
class Converter {
  readonly #place: (offset: number) => Place;
  readonly #problems: Problems;
  #nodes = 0;

  constructor(place: (offset: number) => Place, problems: Problems) {
    this.#place = place;
    this.#problems = problems;
  }

  convert(document: Document): Tree {
    let aliases = 0;
    const convert = (node: Node | null | undefined, depth: number): Tree => {
      const place = this.#place(node?.range?.[0] ?? 0);
      const nothing: Tree = { ...place, kind: 'scalar', value: null };
      if (depth > MAX_DEPTH) return this.#refuse(place, TOO_DEEP);
      if (++this.#nodes > MAX_NODES) {
        // Told once: all that follows is left out.
        if (this.#nodes === MAX_NODES + 1)
          this.#problems.add(place, `more than ${MAX_NODES} values, aliases counted as often as they are used`);
        return nothing;
      }
      if (isScalar(node)) return { ...place, kind: 'scalar', value: scalar(node.value) };
      if (isSeq(node))
        return { ...place, kind: 'list', items: node.items.map((item) => convert(item as Node, depth + 1)) };
      if (isMap(node)) {
        const keys = new Set<string>();
        return {
          ...place,
          kind: 'map',
          entries: node.items.map((pair) => {
            const key = convert(pair.key as Node, depth + 1);
            const value = convert(pair.value as Node | null, depth + 1);
            const keyText = key.kind === 'scalar' ? String(key.value) : '';
            if (keyText === '') this.#problems.add(key, 'a key must be a non-empty text');
            else if (keys.has(keyText)) this.#problems.add(key, `the key '${keyText}' is written twice in one map`);
            keys.add(keyText);
            return {
              key: keyText,
              place: key,
              value: pair.value === null ? { ...key, kind: 'scalar', value: null } : value,
            };
          }),
        };
      }
      if (!isAlias(node)) return nothing;
      const target = ++aliases <= MAX_ALIASES ? node.resolve(document) : undefined;
      if (target !== undefined) return convert(target, depth + 1);
      return this.#refuse(place, `alias '*${node.source}' is unknown, or there are more than ${MAX_ALIASES} aliases`);
    };
    return convert(document.contents, 0);
  }

  #refuse(place: Place, message: string): Tree {
    this.#problems.add(place, message);
    return { ...place, kind: 'scalar', value: null };
  }
}

function scalar(value: unknown): string | number | boolean | null {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null)
    return value;
  return typeof value === 'bigint' ? value.toString() : null;
}
