import type { Level } from '../../../lib/model/alert';
import type { ContainmentStatus, ReleaseKind } from '../../../lib/model/containment';
import type { Mode } from '../../../lib/model/plan';
import type { Moment } from '../../../lib/model/notification';
import type { Severity } from '../../../lib/model/severity';
import type { Stage, TimelineKind } from '../../../lib/model/timeline';
import type { Timings } from '../timings';
import type { TimelineVerdict } from '../verify-timeline';

export const REPORT_SCHEMA_VERSION = 2;

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

/** A statement, and the records that back it: names of rows of the timeline (`ReportedRow.name`). */
export interface Backed {
  readonly records: readonly string[];
}

/** One of the questions that everybody asks, answered from the timeline. */
export interface ReportedAnswer extends Backed {
  readonly question: string;
  readonly text: readonly string[];
}

export interface ReportedSeverity extends Backed {
  readonly at: string;
  /** Absent for the severity that it was opened with. */
  readonly from?: string;
  readonly to: string;
  readonly because: string;
}

/** What nobody knows yet. */
export interface ReportedQuestion extends Backed {
  readonly text: string;
}

/** A time from which a law counts. */
export interface ReportedMoment extends Backed {
  readonly moment: Moment;
  /** ISO 8601; absent where nobody has said so. */
  readonly at?: string;
  /** Whose word it is. */
  readonly basis: string;
}

/** A law that may ask for a notification; not legal advice. */
export interface ReportedClock extends Backed {
  readonly id: string;
  readonly law: string;
  /** Where it stands. */
  readonly article: string;
  readonly to: string;
  readonly because: string;
  readonly onlyIf: string;
  readonly steps: readonly {
    readonly name: string;
    readonly within: string;
    readonly from: Moment;
    /** ISO 8601; absent where it has no figure, or where nobody has said from when it counts. */
    readonly dueAt?: string;
  }[];
}

/** A level of the escalation chain: whom it paged, and what came of it. */
export interface ReportedLevel extends Backed {
  readonly name: string;
  readonly pages: readonly { readonly at: string; readonly to: string; readonly status: Status }[];
  readonly outcome: Status & { readonly at?: string };
}

/** Who acted on what, as the alerts say: places in `Report.entities`. */
export interface ReportedLink extends Backed {
  readonly actor: number;
  readonly target: number;
  /** Titles of the rules that saw it. */
  readonly rules: readonly string[];
}

/** A question about the cause, for people to answer. */
export interface ReportedCause {
  readonly question: string;
  readonly answer: null;
}

export interface ReportedRule extends Backed {
  readonly id: string;
  readonly title: string;
  readonly level?: Level;
  readonly alerts: number;
  /** ISO 8601; when its first alert was raised. */
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

export interface ReportedEntity extends Backed {
  readonly kind: string;
  readonly id: string;
  readonly role: 'actor' | 'target';
  readonly trust: string;
  readonly where: string;
}

export interface ReportedAction extends Backed {
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

export interface ReportedContainment extends Backed {
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
  /** Why it only observed, where its plan asked for more. */
  readonly observedBecause?: string;
  /** Where it only observed: what it would have changed. */
  readonly wouldHave?: readonly string[];
  readonly actions: readonly ReportedAction[];
}

/** Alerts that opened no incident around that time. Counted in the store, and on no timeline: no record backs it. */
export interface ReportedSuppression {
  readonly name: string;
  readonly owner: string;
  readonly reason: string;
  /** Since the first deploy. */
  readonly count: number;
  /** ISO 8601. */
  readonly lastAt: string;
  readonly lastTitle: string;
}

export interface ReportedTask extends Backed {
  readonly text: string;
  readonly from: string;
  /** For people to fill in. */
  readonly owner: null;
  readonly due: null;
}

/** One thing that a contained actor created or changed, as a sweep found it. */
export interface ReportedDeed extends Backed {
  /** ISO 8601; when the call was made. */
  readonly at: string;
  readonly did: string;
  readonly kind: string;
  readonly id: string;
  /** The AWS call, e.g. `iam:CreateUser`. */
  readonly call: string;
  readonly by: string;
  readonly region: string;
  readonly eventId: string;
  /** True where CloudTrail did not show it when it was asked. */
  readonly onlyInAnAlert: boolean;
  /** What it was handed to, where the response plan has it contained. */
  readonly runbook?: string;
}

export interface ReportedRow {
  /** Its sequence; of a record of an incident that was merged into this one, that incident's id, `#` and the sequence. */
  readonly name: string;
  /** Whose timeline it is of, where it is not the incident's own. */
  readonly incidentId?: string;
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
  /** Name of the row that says so. */
  readonly record: string;
  readonly sequence: number;
  readonly at: string;
  readonly by: string;
  readonly text: string;
}

/** A report about one incident. Every text in it is neutralised: it may be printed anywhere that escapes for itself. */
export interface Report {
  readonly schemaVersion: typeof REPORT_SCHEMA_VERSION;
  /** What was rehearsed; absent where it was real. Told by the deployment, and by no record. */
  readonly exercise?: string;
  readonly incidentId: string;
  readonly title: string;
  readonly severity: Severity;
  readonly severityHistory: readonly ReportedSeverity[];
  readonly account: string;
  readonly region: string;
  /** ISO 8601; when this report was written. */
  readonly writtenAt: string;
  /** True for the locked one, written when the incident was closed. */
  readonly final: boolean;
  /** One paragraph in plain language: what happened, is it contained, who answered, is it over. */
  readonly summary: readonly string[];
  /** What happened, when did we know, who did what, what is contained, is it over, whom must we notify. */
  readonly answers: readonly ReportedAnswer[];
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
  readonly links: readonly ReportedLink[];
  /** Names of the groups of assets that it is about, and the kinds of data that lie there. */
  readonly assets: readonly string[];
  readonly data: readonly string[];
  readonly questions: readonly ReportedQuestion[];
  readonly suppressed: readonly ReportedSuppression[];
  readonly moments: readonly ReportedMoment[];
  readonly clocks: readonly ReportedClock[];
  readonly levels: readonly ReportedLevel[];
  /** Snoozes, hand-overs to others, pages held, acknowledgements that did not last. */
  readonly pauses: readonly ReportedRow[];
  readonly rootCause: readonly ReportedCause[];
  readonly containments: readonly ReportedContainment[];
  /** What contained actors created or changed before. */
  readonly swept: readonly ReportedDeed[];
  /** How the sweeps ended that looked for it. */
  readonly sweeps: readonly ReportedRow[];
  readonly tasks: readonly ReportedTask[];
  /** What went wrong, from the timeline. */
  readonly failures: readonly ReportedRow[];
  readonly timeline: readonly ReportedRow[];
  /** Rows that were left out of the middle of `timeline`. */
  readonly omittedRows: number;
  readonly evidence: readonly ReportedEvidence[];
  readonly chain: TimelineVerdict;
  /** Timelines of incidents that were merged into this one, each held against its own anchors. */
  readonly merged: readonly (TimelineVerdict & { readonly incidentId: string; readonly title: string })[];
  /** Records of all these timelines. */
  readonly records: number;
}
