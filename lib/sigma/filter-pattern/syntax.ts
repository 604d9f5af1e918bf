/** Limits of one pattern. Source: CloudWatch Logs user guide, "Filter pattern syntax"; all were seen to hold. */
export const MAX_PATTERN_LENGTH = 1_024;
export const MAX_REGEXES = 2;
export const MAX_WILDCARDS_PER_SELECTOR = 1;
export const MAX_WILDCARDS = 3;
/** Ours: deeper nesting than any person writes; the parser recurses. */
export const MAX_DEPTH = 100;

/** A filter pattern of CloudWatch Logs as it was written, checked against every limit. */
export type FilterPatternSyntax =
  | { readonly kind: 'everything' }
  | { readonly kind: 'terms'; readonly of: readonly Term[] }
  | { readonly kind: 'json'; readonly condition: JsonCondition }
  | { readonly kind: 'fields'; readonly of: readonly FieldSlot[] };

/** `word`, `"a phrase"` or `%regex%`; `-` before it excludes, `?` makes it one of several that would do. */
export interface Term {
  readonly role: 'needed' | 'optional' | 'excluded';
  readonly operand: TextOperand | RegexOperand;
}

export type JsonCondition =
  | { readonly kind: 'all' | 'any'; readonly of: readonly JsonCondition[] }
  | { readonly kind: 'compare'; readonly selector: Selector; readonly op: ComparisonOp; readonly operand: Operand }
  | { readonly kind: 'is'; readonly selector: Selector; readonly what: 'NULL' | 'TRUE' | 'FALSE' }
  | { readonly kind: 'missing'; readonly selector: Selector };

/** `$.a.b[0]`: keys, indices, and `*` for any of them. */
export type Selector = readonly SelectorStep[];
export type SelectorStep =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'wildcard' };

/** A place of a space-delimited pattern: `...`, a name, or a name with what must hold. */
export type FieldSlot =
  | { readonly kind: 'ellipsis' }
  | { readonly kind: 'field'; readonly name: string; readonly condition?: FieldCondition };

export type FieldCondition =
  | { readonly kind: 'all' | 'any'; readonly of: readonly FieldCondition[] }
  | { readonly kind: 'compare'; readonly op: ComparisonOp; readonly operand: Operand };

export const COMPARISONS = ['!=', '<=', '>=', '=', '<', '>'] as const;
export type ComparisonOp = (typeof COMPARISONS)[number];

export type Operand = TextOperand | NumberOperand | RegexOperand;

export interface TextOperand {
  readonly kind: 'text';
  /** Without the wildcards at its ends. */
  readonly text: string;
  /** `*` stands before it. */
  readonly head: boolean;
  /** `*` stands after it. */
  readonly tail: boolean;
}

/** Written without quotes: equal to numbers by value, to strings by its text. */
export interface NumberOperand {
  readonly kind: 'number';
  readonly value: number;
  readonly text: string;
}

export interface RegexOperand {
  readonly kind: 'regex';
  readonly source: string;
}
