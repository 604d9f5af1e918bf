import type { Level } from './alert';
import type { ApprovalSettings } from './approval';
import type { EntityKind } from './entity';
import type { EventSourceKind } from './event';
import type { Impact, Severity } from './severity';
import type { SweepMode } from './sweep';

/** In the order of what they may do: `observe` plans and tells; `approve` asks people first; `enforce` contains. */
export const MODES = ['observe', 'approve', 'enforce'] as const;
export type Mode = (typeof MODES)[number];

/** Does `mode` go further by itself than `other`? */
export function goesFurther(mode: Mode, other: Mode): boolean {
  return MODES.indexOf(mode) > MODES.indexOf(other);
}

/** What a response plan asks of one runbook. */
export interface PlannedRunbook {
  readonly runbook: string;
  readonly mode: Mode;
  /** Which entities of the alert it may contain: who acted, or what was acted upon. */
  readonly contains: 'actor' | 'target';
  /** How people are asked, where the mode is `approve`. */
  readonly approval?: ApprovalSettings;
}

/** For which alerts which answer. All conditions that are given must hold; within one, any value. */
export interface ResponsePlan {
  readonly name: string;
  readonly when: {
    readonly rules?: readonly string[];
    readonly tags?: readonly string[];
    /** This level or a higher one. */
    readonly levelAtLeast?: Level;
    readonly sources?: readonly EventSourceKind[];
    readonly entityKinds?: readonly EntityKind[];
    /** ARN patterns, one of which an entity must match that is not only claimed. */
    readonly entities?: readonly string[];
    /** Account ids. */
    readonly accounts?: readonly string[];
    /** At least this much at stake, as the groups of assets say it. */
    readonly criticalityAtLeast?: Impact;
  };
  readonly runbooks: readonly PlannedRunbook[];
  readonly chain: string;
  readonly severity?: Severity;
  /** Names of the stakeholders who are told; all of them without it. */
  readonly stakeholders?: readonly string[];
  /** Not promoted yet: whatever the mode, it only observes, and the report says what it would have done. */
  readonly staged?: boolean;
  /** What becomes of what the actor made before it was contained; `list` where it is left out. */
  readonly sweep?: SweepMode;
}

/** The target of a containment: kind, id, and where it lives. */
export interface Target {
  readonly kind: EntityKind;
  /** ARN, or id where AWS has no ARN. */
  readonly id: string;
  readonly account: string;
  readonly region: string;
}

export function targetText(target: Target): string {
  return `${target.kind} ${target.id} (${target.account}/${target.region})`;
}
