import type { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ContainmentRunbook } from './contain/containment-runbook';
import type { GuardRailsProps } from './contain/guard-rails';
import type { ILogSource } from './detect/log-source';
import type { RuleSet } from './detect/rule-set';
import type { EscalationChain } from './escalate/escalation-chain';
import type { IAcknowledgementEndpoint } from './escalate/acknowledgement-endpoint';
import type { Stakeholder } from './escalate/stakeholder';
import type { SnapshotLock } from './contain/snapshot-lock';
import type { AssetGroup } from './triage/asset-group';
import type { Suppression } from './triage/suppression';
import type { Approval } from './triage/approval';
import type { ContainmentMode } from './triage/containment-mode';
import type { ResponsePlan } from './triage/response-plan';

/** What incident response is made of; only `sources` and `escalationChain` are needed. */
export interface IncidentResponseProps {
  /** Where events come from; at least one. */
  readonly sources: ILogSource[];
  /** Whom to tell; also of alerts that no response plan covers, and of failures of Firebreak itself. */
  readonly escalationChain: EscalationChain;
  /**
   * Further chains, for response plans to name.
   *
   * @default - none
   */
  readonly otherEscalationChains?: EscalationChain[];
  /**
   * Who is told how incidents go, and never paged: of every incident, unless its response plan names some of them.
   *
   * @default - none
   */
  readonly stakeholders?: Stakeholder[];
  /**
   * What to look for.
   *
   * @default - the rules that come with Firebreak
   */
  readonly rules?: RuleSet;
  /**
   * What may contain. A runbook that no response plan names can be asked for by people.
   *
   * @default - none: people are told, nothing can be contained
   */
  readonly runbooks?: ContainmentRunbook[];
  /**
   * For which alerts which answer; the first whose conditions hold.
   *
   * @default - findings of level high or worse on an instance go to `isolate-instance`, alerts of level high or worse
   * about a user to `disable-access-key`, where those are among the runbooks
   */
  readonly responsePlans?: ResponsePlan[];
  /**
   * What runbooks do unless a response plan says otherwise.
   *
   * @default ContainmentMode.OBSERVE
   */
  readonly mode?: ContainmentMode;
  /**
   * How people are asked for what is to be approved: by response plans whose mode is `APPROVE`, and for what is over the
   * limit of a runbook. With `Approval.automatic()` nobody is asked, and what is over a limit is refused.
   *
   * @default - the people of the incident's escalation chain have 15 minutes, and are asked until somebody decides
   */
  readonly approval?: Approval;
  /**
   * What may never be contained, and how much at once.
   *
   * @default - Firebreak's own parts and AWS's roles are protected; five containments a runbook and hour
   */
  readonly guardRails?: GuardRailsProps;
  /**
   * What weighs more, or less, than the rest.
   *
   * @default - everything is of middle criticality
   */
  readonly assets?: AssetGroup[];
  /**
   * Alerts that open no incident for a while.
   *
   * @default - none
   */
  readonly suppressions?: Suppression[];
  /**
   * Ids of rules that are not promoted yet: nothing is contained on their word, and they make nothing worse than SEV3.
   *
   * @default - none
   */
  readonly stagedRules?: string[];
  /**
   * So many alerts of one rule in an incident raise its severity by one step, up to SEV2; 0: never.
   *
   * @default 20
   */
  readonly repeatsThatRaise?: number;
  /**
   * How long after its last alert an incident still takes alerts about the same entities.
   *
   * @default - one hour
   */
  readonly incidentWindow?: Duration;
  /**
   * How long evidence cannot be deleted; in whole days.
   *
   * @default - 30 days
   */
  readonly evidenceRetention?: Duration;
  /**
   * How snapshots are locked that are taken as evidence.
   *
   * @default - they are not: whoever may delete snapshots can delete them
   */
  readonly snapshotLock?: SnapshotLock;
  /**
   * A key to which snapshots are copied that are taken as evidence, best one of another account: its policy must let this account
   * use it by way of EC2 (`kms:CreateGrant`, `kms:ReEncrypt*`, `kms:GenerateDataKeyWithoutPlaintext`, `kms:Decrypt`, `kms:DescribeKey`).
   * An alias is refused: it can be moved to another key by somebody else.
   *
   * @default - they are not copied
   */
  readonly forensicKey?: IKey;
  /**
   * Says that this deployment is for an exercise, in a short sentence such as `Drill of 2026-11-21, nothing here is real`;
   * one line, 120 characters at most. It stands on every page, update, alarm and report, and changes nothing else: what an
   * exercise finds is contained, paged and written down as ever. A real incident that this deployment meets meanwhile is
   * marked too: take it out when the exercise is over.
   *
   * @default - everything is real
   */
  readonly exercise?: string;
  /**
   * Whether a harmless event is sent through the whole chain every 30 minutes, with an alarm where none comes out.
   *
   * @default true
   */
  readonly canary?: boolean;
  /**
   * Where the links in pages lead.
   *
   * @default - a throttled HTTP API
   */
  readonly acknowledgementEndpoint?: IAcknowledgementEndpoint;
  /**
   * A CloudWatch dashboard of alerts, escalations, failed containments and dead letters.
   *
   * @default true
   */
  readonly dashboard?: boolean;
}
