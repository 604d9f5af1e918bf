import type { DataKind } from './criticality';
import type { Entity } from './entity';
import type { PlannedRunbook, Target } from './plan';
import type { Severity } from './severity';
import type { SweepMode } from './sweep';

export const INCIDENT_SCHEMA_VERSION = 1;

/** A hand-over to the next stage. Only a finished one is never done again. */
export interface HandOver {
  readonly kind: 'escalation' | 'containment';
  readonly state: 'pending' | 'started';
  /** Name of the execution that it started; of its newest attempt. */
  readonly execution?: string;
  /** ISO 8601: since when it has been pending. */
  readonly since: string;
  /** Escalations are attempted anew after a voided acknowledgement; 1 at first. */
  readonly attempt: number;
  readonly containment?: PlannedContainment;
  /** Levels of the chain that were asked already, and are passed over unless all of them were. */
  readonly passOver?: readonly string[];
  /** Incidents that were merged into this one, and whose hold on the containment passes to it. */
  readonly takesOver?: readonly string[];
  /** The `since` for which it was said that the attack goes on, though it is not handed over again yet. */
  readonly saidSince?: string;
  /** True where only the hold passes: what it is about was started for the incident that was merged. */
  readonly onlyHolds?: boolean;
}

/** What triage decided to contain. */
export interface PlannedContainment {
  readonly plan: string;
  readonly planned: PlannedRunbook;
  readonly target: Target;
  /** When the event happened that asks for it; what was read back before then proves nothing about it. ISO 8601. */
  readonly eventAt: string;
  /** Set where nothing may be contained on this word: the mode falls to `observe`, and this says why. */
  readonly observeBecause?: string;
  /** What becomes of what the target made before, where it is a principal; `list` where it is left out. */
  readonly sweep?: SweepMode;
}

/** Somebody asked for quiet. It always ends by itself. */
export interface Snooze {
  readonly by: string;
  /** ISO 8601. */
  readonly until: string;
  readonly reason: string;
}

export interface Acknowledgement {
  readonly by: string;
  readonly at: string;
  readonly how: 'link' | 'command-line' | 'hand-over';
}

/** `merged`: another incident turned out to be about the same attack, and goes on for both. */
export const INCIDENT_STATUSES = ['open', 'closed', 'merged'] as const;
export type IncidentStatus = (typeof INCIDENT_STATUSES)[number];

export interface Incident {
  readonly schemaVersion: typeof INCIDENT_SCHEMA_VERSION;
  /** `inc-` and 20 characters of time and randomness: sortable, unguessable enough to name, never a secret. */
  readonly id: string;
  readonly status: IncidentStatus;
  readonly title: string;
  readonly severity: Severity;
  readonly account: string;
  readonly region: string;
  /** ISO 8601. */
  readonly openedAt: string;
  readonly closedAt?: string;
  readonly firstEventAt: string;
  readonly lastAlertAt: string;
  readonly alertCount: number;
  /** Rule ids, in order of first match; at most 100 are kept, the rest only counted. */
  readonly rules: readonly string[];
  /** At most 100. */
  readonly entities: readonly Entity[];
  readonly chain: string;
  /** Names of the stakeholders who are told of it; all of them without it. */
  readonly stakeholders?: readonly string[];
  /** Alerts by rule, of the rules that `rules` keeps. */
  readonly repeats?: Readonly<Record<string, number>>;
  /** Names of the groups of assets that it is about. */
  readonly assets?: readonly string[];
  /** Kinds of data that lie there. */
  readonly data?: readonly DataKind[];
  /** What nobody knows yet, in words; at most 20. */
  readonly questions?: readonly string[];
  /** By key: `escalation`, or `containment#<containment id>`. */
  readonly handOvers: Readonly<Record<string, HandOver>>;
  readonly acknowledgement?: Acknowledgement;
  /** True where people were paged because targets are handed to no runbook: once is enough to look. */
  readonly leftTold?: boolean;
  /** Ids of approvals that wait for a person's decision. */
  readonly approvals?: readonly string[];
  /** Nobody is paged until then, whatever the chain says. */
  readonly snooze?: Snooze;
  /** True where a person closed it with the word that nothing bad had happened. */
  readonly falsePositive?: boolean;
  /** The incident that goes on for this one, where it was merged. */
  readonly mergedInto?: string;
  /** Incidents that were merged into this one, and into those; at most 100. */
  readonly mergedFrom?: readonly string[];
  /** Marks of what sweeps have listed, so that it is listed once; at most 300. */
  readonly swept?: readonly string[];
  /** The head of the timeline. */
  readonly timelineLength: number;
  readonly timelineHash: string;
}
