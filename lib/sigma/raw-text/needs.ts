import { assertNever } from '../../model/assert-never';
import type { Json } from '../../model/json';
import type { Condition, FieldCondition, OperandValue } from '../compiled-rules';
import { OPERATORS } from '../operators';

/**
 * What must be in the raw text of a record for a condition to hold. Weaker than the condition and never stronger:
 * what cannot be told from the text is `maybe`.
 */
export type Need =
  { readonly kind: 'maybe' } | { readonly kind: 'all' | 'any'; readonly of: readonly Need[] } | KeyNeed;

/** Somewhere in the text is this key, with a value that fits. */
export interface KeyNeed {
  readonly kind: 'key';
  readonly key: string;
  /** Of a value that could be read from the text: a string, true, false or null. */
  readonly fits: (value: string | boolean | null) => boolean;
  /** What `fits` asks: any of these. */
  readonly atoms: readonly { readonly op: string; readonly value: OperandValue }[];
}

const MAYBE: Need = { kind: 'maybe' };

/**
 * Operators that ask whether *some* value fits, so that each value can be asked for itself. `null` and `exists` are
 * about missing fields, which the text cannot show.
 */
const PER_VALUE = new Set([
  'equals',
  'contains',
  'startswith',
  'endswith',
  'like',
  're',
  'cidr',
  'lt',
  'lte',
  'gt',
  'gte',
]);
/** These need a value as well, but look at another field too. */
const PRESENT = new Set(['fieldref', 'fieldref-contains', 'fieldref-startswith', 'fieldref-endswith']);

/** Letters, digits and marks that JSON spells as themselves or as \uXXXX, and in no third way. */
const PLAIN_KEY = /^[\w.\-:@+ ]+$/;

export function needOf(condition: Condition): Need {
  switch (condition.kind) {
    case 'all': {
      const of = condition.of.map(needOf).filter((need) => need.kind !== 'maybe');
      return of.length === 0 ? MAYBE : { kind: 'all', of };
    }
    case 'any': {
      const of = condition.of.map(needOf);
      return of.some((need) => need.kind === 'maybe') ? MAYBE : { kind: 'any', of: merged(of) };
    }
    case 'not':
    case 'keyword':
      return MAYBE;
    case 'field':
      return keyNeed(condition);
    default:
      return assertNever(condition);
  }
}

/** A value at `a.b.c` stands behind the key `c`, or behind `b.c` or `a.b.c` where keys hold dots: all end in `c`. */
function keyNeed({ path, op, value, cased }: FieldCondition): Need {
  const key = path.slice(path.lastIndexOf('.') + 1);
  if (key === '' || !PLAIN_KEY.test(key)) return MAYBE;
  if (PRESENT.has(op)) return { kind: 'key', key, fits: () => true, atoms: [{ op, value }] };
  const make = OPERATORS.get(op);
  if (make === undefined || !PER_VALUE.has(op)) return MAYBE;
  const test = make(value, cased === true);
  return { kind: 'key', key, fits: (found: Json) => test([found], {}), atoms: [{ op, value }] };
}

/** Alternatives behind the same key are one question. */
function merged(of: readonly Need[]): Need[] {
  const byKey = new Map<string, KeyNeed[]>();
  for (const need of of) if (need.kind === 'key') byKey.set(need.key, [...(byKey.get(need.key) ?? []), need]);
  const keys = [...byKey].map(([key, needs]): KeyNeed => ({
    kind: 'key',
    key,
    fits: (value) => needs.some(({ fits }) => fits(value)),
    atoms: needs.flatMap(({ atoms }) => atoms),
  }));
  return [...keys, ...of.filter((need) => need.kind !== 'key')];
}

/** One way for a rule to hold: found by its lead, then asked for the rest. */
export interface Way {
  readonly lead: KeyNeed;
  readonly need: Need;
}

/** More alternatives than any rule has at its top; beyond them the rule is always looked at. */
const MAX_WAYS = 256;

/**
 * The ways in which a need can be met, each with a key to find it by; undefined where some way has none, so that every
 * record has to be parsed. `preferred` tells which of several keys is the better one to look for.
 */
export function waysOf(need: Need, preferred: (key: string) => number): readonly Way[] | undefined {
  switch (need.kind) {
    case 'maybe':
      return undefined;
    case 'key':
      return [{ lead: need, need }];
    case 'any': {
      const ways = need.of.map((one) => waysOf(one, preferred));
      if (ways.some((one) => one === undefined)) return undefined;
      const all = ways.flatMap((one) => one ?? []);
      return all.length > MAX_WAYS ? undefined : all;
    }
    case 'all': {
      const options = need.of.flatMap((one) => {
        const ways = waysOf(one, preferred);
        return ways === undefined ? [] : [ways];
      });
      const cost = (ways: readonly Way[]): number => Math.max(...ways.map(({ lead }) => -preferred(lead.key)));
      const best = options.reduce<readonly Way[] | undefined>(
        (chosen, ways) => (chosen === undefined || cost(ways) < cost(chosen) ? ways : chosen),
        undefined,
      );
      return best?.map(({ lead }) => ({ lead, need }));
    }
    default:
      return assertNever(need);
  }
}

/** Every key that could lead to the need. */
export function leadsOf(need: Need): readonly string[] {
  switch (need.kind) {
    case 'maybe':
      return [];
    case 'key':
      return [need.key];
    case 'all':
    case 'any':
      return [...new Set(need.of.flatMap(leadsOf))];
    default:
      return assertNever(need);
  }
}
