import type { TriageSettings } from '../../../lib/model/triage-settings';

/** What a decision depends on beside the alert. */
export interface TriageContext {
  readonly settings: TriageSettings;
  readonly homeAccount: string;
  readonly now: Date;
}
