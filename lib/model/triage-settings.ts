import type { AssetGroup } from './criticality';
import type { EntityKind } from './entity';
import type { ResponsePlan } from './plan';
import type { Suppression } from './suppression';

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
  /** What weighs more, or less, than the rest. */
  readonly assets: readonly AssetGroup[];
  readonly suppressions: readonly Suppression[];
  /** Ids of rules that are not promoted yet: nothing is contained on their word. */
  readonly stagedRules: readonly string[];
  /** So many alerts of one rule in an incident raise its severity by one step, once for each rule; 0: never. */
  readonly repeatsThatRaise: number;
}
