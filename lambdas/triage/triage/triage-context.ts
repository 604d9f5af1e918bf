import type { TriageSettings } from './settings';

/** What a decision depends on beside the alert. */
export interface TriageContext {
  readonly settings: TriageSettings;
  readonly homeAccount: string;
  readonly now: Date;
}
