import type { CompareOp, CorrelationType } from '../compiled-rules';
import type { Metadata } from '../metadata';
import type { Place } from '../problems';

/** A correlation as it was written; what it refers to is not resolved yet. */
export interface CorrelationSyntax extends Metadata {
  readonly type: CorrelationType;
  /** Ids or names of rules and correlations. */
  readonly rules: readonly Reference[];
  readonly aliases: ReadonlyMap<string, AliasSyntax>;
  readonly groupBy: readonly Reference[];
  readonly timespan: number;
  readonly holds: readonly { readonly op: CompareOp; readonly value: number }[];
  readonly fields: readonly Reference[];
  readonly percentile?: number;
  /** Whether what it refers to also raises alerts of its own. */
  readonly generate: boolean;
}

export interface Reference {
  readonly reference: string;
  readonly place: Place;
}

/** One name for fields that are called differently in the events of different rules. */
export interface AliasSyntax {
  readonly place: Place;
  /** Rule (id or name) → field. */
  readonly fields: ReadonlyMap<string, Reference>;
}
