import type { Level } from '../model/alert';

// Not called program.ts: bundles leave every './program' out, since that is what is written beside them at synth.

/** Raised when a program of another version would be misread. */
export const PROGRAM_VERSION = 1;

/** Compiled rules: plain data, so that it can be written beside the detector at synth. */
export interface Program {
  readonly version: number;
  readonly rules: readonly CompiledRule[];
  /** Correlations, each after those that it refers to. */
  readonly correlations?: readonly CompiledCorrelation[];
}

export interface CompiledRule {
  /** UUID in lower case. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly status: string;
  readonly author: string;
  readonly level: Level;
  readonly tags: readonly string[];
  readonly falsepositives: readonly string[];
  readonly logsource: Logsource;
  readonly condition: Condition;
  /** What correlations and filters may call it. */
  readonly name?: string;
  /** Only there for a correlation that does not `generate` it: it matches, and raises no alert of its own. */
  readonly silent?: true;
}

/** Everything about a rule but how it decides. */
export type AboutRule = Omit<CompiledRule, 'logsource' | 'condition'>;

export const CORRELATION_TYPES = [
  ...(['event_count', 'value_count', 'temporal', 'temporal_ordered'] as const),
  ...(['value_sum', 'value_avg', 'value_percentile'] as const),
] as const;
export type CorrelationType = (typeof CORRELATION_TYPES)[number];

/** Several matches in a time to one. */
export interface CompiledCorrelation extends AboutRule {
  readonly type: CorrelationType;
  /** Ids of rules or of correlations, in the order of writing. */
  readonly rules: readonly string[];
  /** Events are looked at together where all of these are equal. */
  readonly groupBy: readonly CorrelatedField[];
  /** Milliseconds. An event and one exactly this much later are together. */
  readonly timespan: number;
  /** All of them must hold. */
  readonly holds: readonly { readonly op: CompareOp; readonly value: number }[];
  /** What is counted, summed or averaged; none for events and temporal correlations. */
  readonly fields: readonly CorrelatedField[];
  /** Of `value_percentile`: which percentile is compared; without it, the share of the event's own value. */
  readonly percentile?: number;
}

/** A field, by what it is called in the events of each rule of `rules`. */
export interface CorrelatedField {
  readonly name: string;
  readonly paths: readonly string[];
}

export const COMPARE_OPS = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'] as const;
export type CompareOp = (typeof COMPARE_OPS)[number];

/** What a rule looks at, or where an event came from. */
export interface Logsource {
  readonly product?: string;
  readonly category?: string;
  readonly service?: string;
}

export type OperandValue = string | number | boolean | null;

export type Condition =
  | { readonly kind: 'all' | 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | FieldCondition
  | KeywordCondition;

export interface FieldCondition {
  readonly kind: 'field';
  /** Dotted; goes through arrays. */
  readonly path: string;
  /** A row of the operator table. */
  readonly op: string;
  readonly value: OperandValue;
  /** Upper and lower case differ. */
  readonly cased?: true;
}

/** Any text anywhere in the record. */
export interface KeywordCondition {
  readonly kind: 'keyword';
  readonly op: string;
  readonly value: OperandValue;
  readonly cased?: true;
}

/** The source of a CommonJS module that exports the program. */
export function emitProgram(program: Program): string {
  // JSON.parse, not an object literal: a key `__proto__` stays a key, and it loads faster.
  return `'use strict';\nexports.program = JSON.parse(${JSON.stringify(JSON.stringify(program))});\n`;
}
