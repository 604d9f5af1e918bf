import type { Delivery, Event } from '../../lib/model/event';
import type { Stakeholder } from '../../lib/model/stakeholder';
import type { TriageSettings } from '../../lib/model/triage-settings';
import type { Program } from '../../lib/sigma/compiled-rules';
import type { Found } from './found';

/** What every worker is told once: plain data, so that it can be sent to a thread. */
export interface Job {
  readonly rules: LoadedRules;
  /** With `--diff`: the rules as they were. */
  readonly oldRules?: LoadedRules;
  /** Every record is parsed. */
  readonly strict: boolean;
  readonly plan?: PlanSettings;
}

export interface LoadedRules {
  readonly program: Program;
  /** Rule id → the file it was written in. */
  readonly files: Readonly<Record<string, string>>;
}

/** Triage as the configuration makes it. */
export interface PlanSettings extends TriageSettings {
  readonly homeAccount?: string;
  /** Everybody who could be told. */
  readonly stakeholders?: readonly Pick<Stakeholder, 'name' | 'severityAtLeast'>[];
}

/** One piece of work: a file, or a range of bytes of one that has a record a line. */
export interface Task {
  /** As it was named. */
  readonly file: string;
  /** Where it is; `-` is standard input. */
  readonly path: string;
  readonly range?: { readonly start: number; readonly end: number };
}

/** Numbers of records count from the beginning of the task. */
export type Item =
  | { readonly kind: 'found'; readonly found: Found }
  | { readonly kind: 'problem'; readonly index?: number; readonly message: string }
  /** A match that correlations count, which is done in one place and in order. */
  | {
      readonly kind: 'observed';
      readonly index: number;
      readonly event: Event;
      readonly delivery: Delivery;
      readonly ruleIds: readonly string[];
      /** Those of the rules as they were. */
      readonly oldRuleIds: readonly string[];
    };

/** Part of what a task found, in order. */
export interface Part {
  readonly items: readonly Item[];
  /** Records and bytes since the part before. */
  readonly events: number;
  readonly skipped: number;
  readonly bytes: number;
}
