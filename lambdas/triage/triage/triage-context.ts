import type { TriageSettings } from '../../../lib/model/triage-settings';

/** What a decision depends on beside the alert. */
export interface TriageContext {
  readonly settings: TriageSettings;
  readonly homeAccount: string;
  /** ARN patterns of Firebreak's own roles: what they do is recorded, and never contained. */
  readonly ownRoles?: readonly string[];
  readonly now: Date;
}
