import type { WebhookPage } from '../lambdas/escalate/page/webhook';
import type { IncidentView } from '../lambdas/triage/query/show-incident';
import type { Firebreak } from '../cli/ask';
import type { EmbeddedAws } from '../local/embedded-aws';
import type { DrillApi } from './clients';
import type { Company } from './company';

export interface ScenarioFacts {
  readonly id: string;
  readonly title: string;
  /** What happens, for people. */
  readonly story: string;
  /** ATT&CK technique ids. */
  readonly attack: readonly string[];
}

/** What a scenario has at hand. */
export interface DrillWorld {
  readonly aws: EmbeddedAws;
  readonly api: DrillApi;
  readonly company: Company;
  readonly firebreak: Firebreak;
  /** Tells what the attacker does, as it is done. */
  readonly tell: (text: string) => void;
}

/** Something that must be true, and what the AWS API says. */
export interface Expectation {
  readonly text: string;
  readonly passed: boolean;
  readonly observed: string;
}

/** What an attack left behind, for those who look for its incident. */
export interface AttackTrace {
  /** Ids of entities of which the incident must name at least one. */
  readonly entities: readonly string[];
  /** When the decisive record was put; milliseconds since the epoch. */
  readonly putAt: number;
  /** How many containments must come to an end. */
  readonly containments: number;
  /** Ends what the attacker still does by himself. Called once the containments came to an end, whatever it was. */
  readonly stop?: () => Promise<void>;
}

/** The final report, as it lies in the vault. */
export interface WrittenReport {
  readonly html: string;
  readonly markdown: string;
}

/** One rehearsal. `Before` is what it read by the API before the attack. */
export interface Scenario<Before = unknown> {
  readonly facts: ScenarioFacts;
  /**
   * Played only when it is named, because it takes its time.
   *
   * @default false
   */
  readonly onlyByName?: boolean;
  /**
   * How its containments must end: still there when the watch ended, or not proven, where the attacker is the faster.
   *
   * @default 'held'
   */
  readonly ends?: 'held' | 'not-proven';
  before(world: DrillWorld): Promise<Before>;
  attack(world: DrillWorld): Promise<AttackTrace>;
  /** What must be true once it is contained; read from the AWS API. */
  contained(world: DrillWorld, before: Before, view: IncidentView): Promise<Expectation[]>;
  /**
   * Which page of level 2 is answered.
   *
   * @default - the first
   */
  readonly answers?: (page: WebhookPage) => boolean;
  /**
   * What must be true of the pages.
   *
   * @default - one to each level, and none after the acknowledgement
   */
  pages?(world: DrillWorld, view: IncidentView): Expectation[];
  /** What the final report must say. */
  reported?(report: WrittenReport): Expectation[];
  /** Which containments are released at the end, and what must be true then. */
  readonly release?: {
    readonly runbook: string;
    released(world: DrillWorld, before: Before): Promise<Expectation[]>;
  };
}

/** Lets scenarios with different `before` stand in one list: each only ever gets back its own. */
export function scenario<Before>(typed: Scenario<Before>): Scenario {
  return typed;
}
