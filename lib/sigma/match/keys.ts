import { assertNever } from '../../model/assert-never';
import type { Condition } from '../compiled-rules';
import { foldAscii } from '../fold';

/** What a condition needs of one field: a text that, folded, is one of these. Without it the condition never holds. */
export interface Key {
  readonly path: string;
  readonly values: ReadonlySet<string>;
}

/**
 * The keys of a condition: each must be there for it to hold. `not` gives none, since what must be missing cannot be
 * looked up. Case is folded even where the rule minds it, so that one index serves both.
 */
export function keysOf(condition: Condition): readonly Key[] {
  switch (condition.kind) {
    case 'field':
      return condition.op === 'equals'
        ? [{ path: condition.path, values: new Set([foldAscii(String(condition.value))]) }]
        : [];
    case 'keyword':
    case 'not':
      return [];
    case 'all':
      return condition.of.flatMap(keysOf);
    case 'any':
      return united(condition.of.map(keysOf));
    default:
      return assertNever(condition);
  }
}

/** Of alternatives, the fields that each of them keys, with the values of all. */
function united(alternatives: readonly (readonly Key[])[]): Key[] {
  const [first = []] = alternatives;
  const paths = [...new Set(first.map(({ path }) => path))];
  return paths.flatMap((path) => {
    const found = alternatives.map((keys) => narrowest(keys.filter((key) => key.path === path)));
    if (found.some((key) => key === undefined)) return [];
    return [{ path, values: new Set(found.flatMap((key) => [...(key?.values ?? [])])) }];
  });
}

function narrowest(keys: readonly Key[]): Key | undefined {
  return keys.reduce<Key | undefined>(
    (best, key) => (best === undefined || key.values.size < best.values.size ? key : best),
    undefined,
  );
}

/**
 * Chooses one key for each condition, so that few fields have to be looked at: again and again the field that most of
 * the conditions left have in common. Undefined for a condition without a key.
 */
export function chooseKeys(keys: readonly (readonly Key[])[]): readonly (Key | undefined)[] {
  const chosen: (Key | undefined)[] = keys.map(() => undefined);
  for (;;) {
    const counts = new Map<string, number>();
    for (const [i, own] of keys.entries()) {
      if (chosen[i] !== undefined) continue;
      for (const path of new Set(own.map((key) => key.path))) counts.set(path, (counts.get(path) ?? 0) + 1);
    }
    const [common] = [...counts].sort(([, a], [, b]) => b - a);
    if (common === undefined) return chosen;
    for (const [i, own] of keys.entries()) chosen[i] ??= narrowest(own.filter((key) => key.path === common[0]));
  }
}
