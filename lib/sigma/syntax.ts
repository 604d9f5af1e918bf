import type { Metadata } from './metadata';
import type { Place } from './problems';

/** A rule as it was written, with places; nothing is resolved yet. */
export interface RuleSyntax extends Metadata {
  readonly logsource: LogsourceSyntax;
  readonly searches: ReadonlyMap<string, SearchSyntax>;
  readonly conditions: readonly ConditionSyntax[];
}

export interface LogsourceSyntax {
  readonly product?: string;
  readonly category?: string;
  readonly service?: string;
}

/** A search identifier: field items, keywords, or alternatives of those. */
export type SearchSyntax =
  | { readonly kind: 'all'; readonly of: readonly ItemSyntax[] }
  | { readonly kind: 'any'; readonly of: readonly SearchSyntax[] };

/** `field|modifier|modifier: values`; a keyword where there is no field. */
export interface ItemSyntax {
  readonly place: Place;
  readonly field?: string;
  readonly modifiers: readonly string[];
  readonly values: readonly ValueSyntax[];
}

export interface ValueSyntax {
  readonly place: Place;
  readonly value: string | number | boolean | null;
}

export type ConditionSyntax =
  | { readonly kind: 'or' | 'and'; readonly of: readonly ConditionSyntax[] }
  | { readonly kind: 'not'; readonly of: ConditionSyntax }
  | { readonly kind: 'search'; readonly name: string; readonly place: Place }
  | { readonly kind: 'some'; readonly count: '1' | 'all'; readonly pattern: string; readonly place: Place };
