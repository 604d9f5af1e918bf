import { DATE_PARTS } from './date-parts';
import { base64, base64Offsets, dashes, utf16, type Encoded } from './transforms';

/** Values on their way through the modifiers: each is a list of alternatives, any of which will do. */
export type Alternatives = readonly (Encoded | number | boolean | null)[];

export type Modifier =
  /** How the field is compared. At most one of these, except that `fieldref` goes with three of them. */
  | { readonly kind: 'operator'; readonly op: string }
  /** Changes the values, in the order of writing. Throws OperandError. */
  | { readonly kind: 'transform'; readonly apply: (value: Encoded) => readonly Encoded[] }
  | { readonly kind: 'flag'; readonly flag: 'all' | 'cased' | 'neq' }
  /** A letter of a regular expression; only after `re`. */
  | { readonly kind: 'regex-flag'; readonly letter: 'i' | 'm' | 's' }
  | { readonly kind: 'refused'; readonly why: string };

const operator = (op: string): [string, Modifier] => [op, { kind: 'operator', op }];
const flag = (name: 'all' | 'cased' | 'neq'): [string, Modifier] => [name, { kind: 'flag', flag: name }];
const letter = (name: 'i' | 'm' | 's'): [string, Modifier] => [name, { kind: 'regex-flag', letter: name }];
const transform = (name: string, apply: (value: Encoded) => readonly Encoded[]): [string, Modifier] => [
  name,
  { kind: 'transform', apply },
];

/** Every modifier of Sigma 2.1 (appendix "Modifiers"). */
export const MODIFIERS: ReadonlyMap<string, Modifier> = new Map<string, Modifier>([
  ...['contains', 'startswith', 'endswith', 're', 'cidr', 'lt', 'lte', 'gt', 'gte', 'exists', 'fieldref'].map(operator),
  ...DATE_PARTS.map(operator),
  flag('all'),
  flag('cased'),
  flag('neq'),
  letter('i'),
  letter('m'),
  letter('s'),
  transform('windash', dashes),
  transform('base64', base64),
  transform('base64offset', base64Offsets),
  transform('utf16le', (value) => utf16(value, 'le')),
  transform('wide', (value) => utf16(value, 'le')),
  transform('utf16be', (value) => utf16(value, 'be')),
  transform('utf16', (value) => utf16(value, 'bom')),
  ['expand', { kind: 'refused', why: 'placeholders have no values here; write the values into the rule' }],
]);
