import type { ReleaseKind } from './containment';
import type { Target } from './plan';
import type { Severity } from './severity';

/** What happens where nobody decided in time. */
export const ON_TIMEOUT = ['escalate', 'contain', 'abort'] as const;
export type OnTimeout = (typeof ON_TIMEOUT)[number];

/** How people are asked; part of a response plan, and of the stack for what goes over a limit. */
export interface ApprovalSettings {
  /** How long people have, each time they are asked. */
  readonly withinSeconds: number;
  readonly onTimeout: Readonly<Record<Severity, OnTimeout>>;
  /** Who may approve; everybody who is paged where it is left out. */
  readonly approvers?: readonly ApproverSettings[];
}

export interface ApproverSettings {
  /** Id of the recipient, as the escalation chain has it. */
  readonly id: string;
  readonly label: string;
  /** ARN patterns of the IAM identities of this person, `*` and `?` as in IAM. */
  readonly principals: readonly string[];
}

/** One change of a plan: which call changes what from what to what. */
export interface PlannedChange {
  readonly call: string;
  readonly resource: string;
  readonly from: string;
  readonly to: string;
}

/** One action of a plan that people read before they approve it. */
export interface PlannedStep {
  readonly action: string;
  readonly title: string;
  /** How it is taken back. */
  readonly release: ReleaseKind;
  readonly task?: string;
  readonly changes: readonly PlannedChange[];
  /**
   * What it would reach, a line each, where alerts decide that and may say more by the time it is carried out: whoever
   * approves the plan approves these lines and no others. Absent where the changes say it all.
   */
  readonly reach?: readonly string[];
  /** Why it could not be planned. */
  readonly problem?: string;
}

/** What people approve: everything that a runbook would change on a target, as read when they were asked. */
export interface PlanToApprove {
  readonly runbook: string;
  readonly title: string;
  readonly target: Target;
  readonly generation: number;
  readonly steps: readonly PlannedStep[];
  /** What the runbook cannot do. */
  readonly limits: readonly string[];
}

/**
 * - `waiting`: nobody decided yet
 * - `approved`: by a person, or by time where the configuration says so
 * - `declined`: by a person
 * - `timed-out`: nobody decided, and the configuration says that nothing is contained then
 * - `withdrawn`: nobody needs to decide any more
 */
export type ApprovalStatus = 'waiting' | 'approved' | 'declined' | 'timed-out' | 'withdrawn';

export interface ApprovalDecision {
  /** The name that the person gave; `nobody` where time decided. */
  readonly by: string;
  readonly how: 'link' | 'command-line' | 'timeout';
  /** Label of the recipient whose link it was. */
  readonly recipient?: string;
  /** IAM identity of the person, where it is known. */
  readonly principal?: string;
  readonly reason: string;
  /** ISO 8601. */
  readonly at: string;
}

export const APPROVAL_SCHEMA_VERSION = 1;

/** A question to people: may this plan be carried out? Bound to one plan by its hash. */
export interface Approval {
  readonly schemaVersion: typeof APPROVAL_SCHEMA_VERSION;
  /** `apr-` and 32 hexadecimal digits. */
  readonly id: string;
  readonly containmentId: string;
  /** Whose people are asked. */
  readonly incidentId: string;
  readonly generation: number;
  readonly attempt: number;
  readonly planHash: string;
  readonly plan: PlanToApprove;
  /** Why people are asked, in words. */
  readonly why: string;
  readonly settings: ApprovalSettings;
  readonly status: ApprovalStatus;
  /** How often people were asked; from 1. */
  readonly round: number;
  /** ISO 8601. */
  readonly askedAt: string;
  /** When time decides; ISO 8601. */
  readonly expiresAt: string;
  readonly decision?: ApprovalDecision;
  /** Counts changes: a racing write is noticed by it. */
  readonly revision: number;
}

/** Who of the approvers a recipient is: themselves, or a person of whom it is one channel. */
export function approverOf({ approvers }: ApprovalSettings, recipientId: string): ApproverSettings | undefined {
  return approvers?.find(({ id }) => recipientId === id || recipientId.startsWith(`${id}/`));
}

/** What an approval is about, for sentences. */
export function approvalSubject({ plan }: Pick<Approval, 'plan'>): string {
  return `'${plan.runbook}' on ${plan.target.kind} ${plan.target.id}`;
}
