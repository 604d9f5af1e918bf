import type { EntityKind } from './entity';
import type { ReleaseKind } from './containment';

/** One action of a runbook, as its catalogue page, its state machine and its tests know it. */
export interface ActionFacts {
  /** Kebab case; part of the undo record's key, so it never changes. */
  readonly id: string;
  /** A plain sentence in the imperative: the name of its state. At most 80 characters. */
  readonly title: string;
  readonly release: ReleaseKind;
  /** What the action changes, in AWS's words. */
  readonly touches: readonly string[];
  /** What a person is told to do where `release` is not `restores`. */
  readonly task?: string;
}

/**
 * One statement's worth of permissions. `{partition}`, `{account}` and `{region}` stand for the deployed stack's own,
 * any other `{name}` for a parameter of the runbook, e.g. `{quarantinePolicyArn}`.
 */
export interface Permission {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Condition block as IAM writes it. */
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  /** Why the resource is `*`, where it is. */
  readonly why?: string;
  /** Given only where the runbook has this parameter. */
  readonly given?: string;
}

/** Everything about a runbook that is data. Page, policy, state machine, catalogue and tests come from it. */
export interface RunbookFacts {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly target: EntityKind;
  /** ATT&CK technique ids that it answers. */
  readonly attack: readonly string[];
  /** In the order in which they are made; released in reverse. */
  readonly actions: readonly ActionFacts[];
  /** `before`: evidence is volatile and is taken first, bounded in time; `after`: every second of access counts more. */
  readonly evidence: 'before' | 'after';
  readonly permissions: {
    /** What `subject.ts` reads, on behalf of the guard rails. */
    readonly guardRails: readonly Permission[];
    /** What `read`, `verify` and `verifyReleased` read. */
    readonly read: readonly Permission[];
    /** What the evidence sources do besides. */
    readonly evidence: readonly Permission[];
    /** The most that a run may ever change: each run gets the part that its actions' `permissions` name. */
    readonly contain: readonly Permission[];
    /** The same for a release. */
    readonly release: readonly Permission[];
  };
  /** What it records while all is well, where what stands after an attack is not the truth: `record.ts` of its folder. */
  readonly recording?: {
    /** Whole hours from 1. */
    readonly everyHours: number;
    /** What the function that records reads; it writes into the vault's area `baselines` and nowhere else. */
    readonly permissions: readonly Permission[];
  };
  /** What it cannot do, for the plan and the page. */
  readonly limits: readonly string[];
}
