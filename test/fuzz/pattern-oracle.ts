import fc from 'fast-check';
import { isJsonObject, type Json, type JsonObject } from '../../lib/model/json';

/** A JSON pattern as facts/detection.md tells of it, read as plainly as can be. */
export type Tree =
  | { readonly kind: '&&' | '||'; readonly of: readonly Tree[] }
  | { readonly kind: 'IS NULL' | 'IS TRUE' | 'IS FALSE' | 'NOT EXISTS'; readonly key: string; readonly index?: number }
  | { readonly kind: '=' | '!='; readonly key: string; readonly index?: number; readonly value: string }
  | { readonly kind: '<' | '<=' | '>' | '>='; readonly key: string; readonly index?: number; readonly value: number };

const KEYS = ['a', 'b', 'c-d'];
const TEXTS = ['x', 'xy', 'X', 'true', '1', '1.5', '-2', 'x y', 'q"t', 'b\\s', 'x?', '*', '*x', 'x*', '*x*', ''];
const NUMBERS = [0, 1, 1.5, -2, 1e21];

const place = { key: fc.constantFrom(...KEYS), index: fc.option(fc.nat(2), { nil: undefined }) };
const leaf: fc.Arbitrary<Tree> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('IS NULL' as const, 'IS TRUE' as const, 'IS FALSE' as const, 'NOT EXISTS' as const),
    ...place,
  }),
  fc.record({ kind: fc.constantFrom('=' as const, '!=' as const), value: fc.constantFrom(...TEXTS), ...place }),
  fc.record({
    kind: fc.constantFrom('<' as const, '<=' as const, '>' as const, '>=' as const),
    value: fc.constantFrom(...NUMBERS),
    ...place,
  }),
);

export const anyCondition: fc.Arbitrary<Tree> = fc
  .letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.record({
        kind: fc.constantFrom('&&' as const, '||' as const),
        of: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
      }),
    ),
  }))
  .tree.filter((tree) => written(tree).length < 1_000);

const scalar: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(...TEXTS.map((text) => text.replaceAll('*', 'z')), ...NUMBERS, true, false, null),
);
export const message: fc.Arbitrary<JsonObject> = fc.dictionary(
  fc.constantFrom(...KEYS),
  fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), fc.record({ x: scalar })),
);

export function written(tree: Tree): string {
  if ('of' in tree) return tree.of.map((part) => `(${written(part)})`).join(` ${tree.kind} `);
  const at = `$.${tree.key}${tree.index === undefined ? '' : `[${tree.index}]`}`;
  if (!('value' in tree)) return `${at} ${tree.kind}`;
  const { value } = tree;
  return `${at} ${tree.kind} ${typeof value === 'number' ? value : `"${value.replace(/[\\"]/g, '\\$&')}"`}`;
}

export function holdsFor(tree: Tree, object: JsonObject): boolean {
  if ('of' in tree) {
    const verdicts = tree.of.map((part) => holdsFor(part, object));
    return tree.kind === '&&' ? !verdicts.includes(false) : verdicts.includes(true);
  }
  const whole = object[tree.key];
  const value = tree.index === undefined ? whole : Array.isArray(whole) ? whole[tree.index] : undefined;
  switch (tree.kind) {
    case 'NOT EXISTS':
      return value === undefined;
    case 'IS NULL':
      return value === null || (Array.isArray(value) && value.includes(null));
    case 'IS TRUE':
      return value === true;
    case 'IS FALSE':
      return value === false;
    case '=':
      return text(value) !== undefined && fits(text(value) ?? '', tree.value);
    case '!=':
      return text(value) !== undefined && !fits(text(value) ?? '', tree.value);
    case '<':
      return typeof value === 'number' && value < tree.value;
    case '<=':
      return typeof value === 'number' && value <= tree.value;
    case '>':
      return typeof value === 'number' && value > tree.value;
    case '>=':
      return typeof value === 'number' && value >= tree.value;
  }
}

/** Only strings and numbers are ever compared. */
function text(value: Json | undefined): string | undefined {
  if (isJsonObject(value) || Array.isArray(value) || value === null) return undefined;
  return typeof value === 'string' ? value : typeof value === 'number' ? JSON.stringify(value) : undefined;
}

function fits(actual: string, pattern: string): boolean {
  const literal = pattern.replace(/^\*|\*$/g, '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${pattern.startsWith('*') ? '.*' : ''}${literal}${pattern.endsWith('*') ? '.*' : ''}$`, 's').test(
    actual,
  );
}
