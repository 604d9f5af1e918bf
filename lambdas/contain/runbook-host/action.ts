import type { JsonObject } from '../../../lib/model/json';
import type { Target } from '../../../lib/model/plan';
import type { Permission, RunbookFacts } from '../../../lib/model/runbook-facts';
import type { AwsClients } from '../../shared/aws-clients';

/** What every part of an action gets. */
export interface ActionContext {
  readonly target: Target;
  readonly containmentId: string;
  readonly incidentId: string;
  /** Which contain-release cycle this is, from 1. */
  readonly generation: number;
  /** When the containment was started; ISO 8601. What is older was not made by it. */
  readonly startedAt: string;
  /** Clients for the target's account and Region, which can only read. */
  readonly aws: AwsClients;
  /** What the construct of the runbook passed on: names and ARNs that exist only after a deploy. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly now: () => Date;
  /**
   * Lines of `reach` that people approved for this attempt, of all actions. Absent where it is bound to no plan: it reaches as far
   * as the alerts say by then.
   */
  readonly approved?: readonly string[];
}

/** What changes things gets besides: clients whose credentials were made for this run, and end with it. */
export interface ChangeContext extends ActionContext {
  /** May do what the action's `permissions` said, on exactly what they named. */
  readonly change: AwsClients;
}

/** Which half of an action's way: what is made, or what is taken back. */
export type Step = 'contain' | 'release';

/** One change that `contain` would make, for plans and the timeline. */
export interface Change {
  /** The AWS call, e.g. `iam:UpdateAccessKey`. */
  readonly call: string;
  readonly resource: string;
  readonly from: string;
  readonly to: string;
}

/** What a reading of the API showed. */
export interface Reading {
  readonly ok: boolean;
  /** What was seen, in one sentence; where not ok, what is wrong. */
  readonly observed: string;
  /** True where nobody undid anything: it would have to reach further than people approved, and they are asked anew. */
  readonly beyond?: boolean;
}

export interface Released {
  /** What was given back. */
  readonly restored: readonly string[];
  /** What a person still has to do. */
  readonly tasks: readonly string[];
}

/**
 * A triple contain / verify / release with the state it read before. Every part may be run again at any time.
 * `Before` is plain JSON: it is the undo record.
 */
export interface Action<Before extends JsonObject = JsonObject> {
  readonly id: string;
  /** Reads what is about to be changed. Reads only. Throws where the target is not what it should be. */
  read(context: ActionContext): Promise<Before>;
  /**
   * What a later attempt of the same generation would find, for the plan that people approve: where `contain` goes by what stands in
   * `before`, and not by what is there, that alone is read again.
   *
   * @default - as `read`
   */
  readAgain?(before: Before, context: ActionContext): Promise<Before>;
  /** What `contain` would change, from `before` alone. Empty: it is so already. */
  changes(before: Before, context: ActionContext): readonly Change[];
  /**
   * What `contain` would reach, from a `before` that was just read, a line each that names its resource; only where alerts
   * decide that besides `before`. Then `contain` throws `BeyondApprovedError` and `verify` says `beyond` where by now it would be
   * more than `context.approved`.
   */
  reach?(before: Before, context: ActionContext): readonly string[];
  /**
   * What this run must be allowed to do, and to what: the session policy of its credentials, written before anything
   * is changed. Full ARNs of what `before` names; a wildcard only where AWS gives the id (a group that is yet to be
   * made), and then with a condition. At most about 1,500 characters as JSON; what needs more is several actions.
   */
  permissions(before: Before, context: ActionContext, step: Step): readonly Permission[];
  /** Makes the change. Idempotent; an error that means "it is so already" is looked up, never assumed. */
  contain(before: Before, context: ChangeContext): Promise<void>;
  /** Reads back whether it is contained now, and nothing else. */
  verify(before: Before, context: ActionContext): Promise<Reading>;
  /** Gives back what can be given back. */
  release(before: Before, context: ChangeContext, options: ReleaseOptions): Promise<Released>;
  /**
   * Reads back whether what `release` gave back equals the state before. What a person has to do by hand is not
   * waited for.
   */
  verifyReleased(before: Before, context: ActionContext, options: ReleaseOptions): Promise<Reading>;
}

export interface ReleaseOptions {
  /** A person's explicit word; leaked keys stay inactive without it. */
  readonly reactivateKeys: boolean;
}

/** One thing that was collected. */
export interface EvidenceItem {
  /** Kebab-case name: becomes part of the object's key. */
  readonly name: string;
  /** The exact AWS call that gave it. */
  readonly call: string;
  readonly contentType: 'application/json' | 'text/plain' | 'image/jpeg';
  readonly body: string | Uint8Array;
  /** What of it could not be had, in a sentence: people are told, and the rest counts. */
  readonly missing?: string;
}

/** How one thing is collected. Collecting again finds what was made before, and makes nothing twice. */
export interface EvidenceSource {
  /** Kebab case; becomes part of the object's key. */
  readonly name: string;
  collect(context: ActionContext): Promise<Omit<EvidenceItem, 'name'>>;
}

/** What a runbook's folder exports from `actions.ts`. */
export interface Runbook {
  readonly facts: RunbookFacts;
  /** In the order of `facts.actions`, one for each. */
  readonly actions: readonly Action[];
  /** Most volatile first; each by itself, so that one failure loses only one. */
  readonly evidence: readonly EvidenceSource[];
}

/**
 * Lets actions with different undo records stand in one list. Safe, because an action only ever gets back what its
 * own `read` gave.
 */
export function action<Before extends JsonObject>(typed: Action<Before>): Action {
  return typed;
}
