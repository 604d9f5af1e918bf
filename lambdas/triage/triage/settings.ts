import type { EntityKind } from '../../../lib/model/entity';
import type { ResponsePlan } from '../../../lib/model/plan';

/** What the stack decided at synth; written beside the bundle as `settings.js`. */
export interface TriageSettings {
  /** In order: the first whose conditions hold answers. */
  readonly plans: readonly ResponsePlan[];
  /** For alerts that no plan covers. */
  readonly defaultChain: string;
  /** How long after its last alert an incident still takes alerts about the same entities. */
  readonly windowMinutes: number;
  /** Which kind of target each runbook contains. */
  readonly targetKinds: Readonly<Record<string, EntityKind>>;
}

/** In a bundle this file is replaced by the one that the stack wrote. */
export const settings: TriageSettings = { plans: [], defaultChain: 'none', windowMinutes: 60, targetKinds: {} };
