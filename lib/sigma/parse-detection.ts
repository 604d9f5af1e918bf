import type { Place, Problems } from './problems';
import type { ItemSyntax, SearchSyntax, ValueSyntax } from './syntax';
import type { Tree } from './yaml';

/** One search identifier of `detection`. A map is AND, a list of maps is OR, a list of values is keywords. */
export function parseSearch(tree: Tree, problems: Problems): SearchSyntax {
  switch (tree.kind) {
    case 'scalar':
      return { kind: 'all', of: [keywords([tree], tree, problems)] };
    case 'map': {
      if (tree.entries.length === 0) problems.add(tree, 'an empty search matches everything; write what it looks for');
      return { kind: 'all', of: tree.entries.map((entry) => parseItem(entry.key, entry.place, entry.value, problems)) };
    }
    case 'list': {
      if (tree.items.length === 0) problems.add(tree, 'an empty list matches nothing; write what it looks for');
      const words = tree.items.filter((item) => item.kind === 'scalar');
      const maps = tree.items.filter((item) => item.kind !== 'scalar');
      const alternatives = maps.map((item) => parseSearch(item, problems));
      if (words.length > 0) alternatives.unshift({ kind: 'all', of: [keywords(words, tree, problems)] });
      return { kind: 'any', of: alternatives };
    }
  }
}

function parseItem(key: string, place: Place, value: Tree, problems: Problems): ItemSyntax {
  const [field = '', ...modifiers] = key.split('|');
  const values = valuesOf(value, problems);
  if (value.kind === 'list' && value.items.length === 0) {
    problems.add(value, `the list of values of '${key}' is empty, so it could never match`);
  }
  return { place, ...(field !== '' && { field }), modifiers, values };
}

function keywords(items: readonly Tree[], place: Place, problems: Problems): ItemSyntax {
  return { place, modifiers: [], values: items.flatMap((item) => valuesOf(item, problems)) };
}

function valuesOf(tree: Tree, problems: Problems): ValueSyntax[] {
  switch (tree.kind) {
    case 'scalar':
      return [{ place: { line: tree.line, column: tree.column }, value: tree.value }];
    case 'list':
      return tree.items.flatMap((item) => {
        if (item.kind === 'scalar') return valuesOf(item, problems);
        problems.add(item, `a list of values holds texts, numbers, booleans or null, got a ${item.kind}`);
        return [];
      });
    case 'map':
      problems.add(tree, 'a field has a value or a list of values, got a map; write the path with dots: `a.b: value`');
      return [];
  }
}
