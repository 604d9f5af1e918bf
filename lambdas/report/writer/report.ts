import type { Level } from '../../../lib/model/alert';
import type { ContainmentStatus, ReleaseKind } from '../../../lib/model/containment';
import type { Mode } from '../../../lib/model/plan';
import type { Severity } from '../../../lib/model/severity';
import type { Stage, TimelineKind } from '../../../lib/model/timeline';
import type { Timings } from '../timings';
import type { TimelineVerdict } from '../verify-timeline';

export const REPORT_SCHEMA_VERSION = 1;

/** How a thing stands, in one colour; a text label always says it too. */
export type Tone = 'good' | 'bad' | 'warn' | 'calm';

export interface Status {
  readonly tone: Tone;
  readonly label: string;
}

/** Something in the vault, by what proves it; never a link. */
export interface EvidenceReference {
  readonly key: string;
  readonly versionId?: string;
  readonly sha256: string;
}

export interface ReportedRule {
  readonly id: string;
  readonly title: string;
  readonly level?: Level;
  readonly alerts: number;
  readonly firstAt: string;
  readonly techniques: readonly string[];
  /** Of its first alert: which fields decided, with what they held. */
  readonly because: readonly string[];
  readonly via: readonly string[];
}

export interface ReportedTechnique {
  readonly id: string;
  readonly tactics: readonly string[];
  readonly rules: readonly string[];
}

export interface ReportedEntity {
  readonly kind: string;
  readonly id: string;
  readonly role: 'actor' | 'target';
  readonly trust: string;
  readonly where: string;
}

export interface ReportedAction {
  readonly id: string;
  readonly title: string;
  readonly status: Status;
  /** ISO 8601; when it was applied and read back. */
  readonly appliedAt?: string;
  readonly releasedAt?: string;
  /** What was read back, or why it was not made. */
  readonly detail: string;
  /** Each AWS call with what it changed from what to what. */
  readonly changes: readonly string[];
  /** How it is taken back. */
  readonly release?: ReleaseKind;
}

export interface ReportedContainment {
  readonly id: string;
  readonly runbook: string;
  readonly title: string;
  readonly target: string;
  readonly mode: Mode;
  readonly state: ContainmentStatus;
  readonly status: Status;
  readonly reason?: string;
  readonly startedAt: string;
  readonly verifiedAt?: string;
  /** From the alert that asked for it to applied and read back; milliseconds. */
  readonly containMs?: number;
  readonly heldAt?: string;
  readonly releasedAt?: string;
  /** Who or what asked for it. */
  readonly by: string;
  readonly otherHolders: readonly string[];
  /** How often it was found undone, in all its attempts. */
  readonly timesUndone: number;
  readonly actions: readonly ReportedAction[];
}

export interface ReportedTask {
  readonly text: string;
  readonly from: string;
}

export interface ReportedRow {
  readonly sequence: number;
  readonly at: string;
  readonly stage: Stage;
  readonly kind: TimelineKind;
  readonly status: Status;
  readonly text: string;
  /** Who or what did it, in words: a person, a runbook, a stage. */
  readonly by: string;
  /** The execution that did it, where it was one. */
  readonly execution?: string;
  readonly containmentId?: string;
  readonly evidence: readonly EvidenceReference[];
}

export interface ReportedEvidence extends EvidenceReference {
  readonly sequence: number;
  readonly at: string;
  readonly by: string;
  readonly text: string;
}

/** A report about one incident. Every text in it is neutralised: it may be printed anywhere that escapes for itself. */
export interface Report {
  readonly schemaVersion: typeof REPORT_SCHEMA_VERSION;
  readonly incidentId: string;
  readonly title: string;
  readonly severity: Severity;
  readonly severityHistory: readonly { readonly at: string; readonly from: string; readonly to: string }[];
  readonly account: string;
  readonly region: string;
  /** ISO 8601; when this report was written. */
  readonly writtenAt: string;
  /** True for the locked one, written when the incident was closed. */
  readonly final: boolean;
  /** One paragraph in plain language: what happened, is it contained, who answered, is it over. */
  readonly summary: readonly string[];
  readonly containment: Status;
  readonly answer: Status;
  readonly incident: Status;
  readonly firstEventAt: string;
  readonly openedAt: string;
  readonly acknowledged?: { readonly by: string; readonly at: string; readonly how: string };
  readonly closedAt?: string;
  readonly timings: Timings;
  /** Levels of the escalation chain of which nobody answered in time. */
  readonly unansweredLevels: readonly string[];
  readonly alertCount: number;
  readonly rules: readonly ReportedRule[];
  readonly techniques: readonly ReportedTechnique[];
  readonly entities: readonly ReportedEntity[];
  readonly containments: readonly ReportedContainment[];
  readonly tasks: readonly ReportedTask[];
  /** What went wrong, from the timeline. */
  readonly failures: readonly ReportedRow[];
  readonly timeline: readonly ReportedRow[];
  /** Rows that were left out of the middle of `timeline`. */
  readonly omittedRows: number;
  readonly evidence: readonly ReportedEvidence[];
  readonly chain: TimelineVerdict;
}
