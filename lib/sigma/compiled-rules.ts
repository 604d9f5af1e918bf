import type { Level } from '../model/alert';

// Not called program.ts: bundles leave every './program' out, since that is what is written beside them at synth.

/** Raised when a program of another version would be misread. */
export const PROGRAM_VERSION = 1;

/** Compiled rules: plain data, so that it can be written beside the detector at synth. */
export interface Program {
  readonly version: number;
  readonly rules: readonly CompiledRule[];
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
}

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
