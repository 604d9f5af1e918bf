import type { ContainmentRunbook } from '../contain/containment-runbook';
import type { EscalationChain } from '../escalate/escalation-chain';
import type { Stakeholder } from '../escalate/stakeholder';
import type { ResponsePlan as PlanData } from '../model/plan';
import type { EntityKind } from '../model/entity';
import type { Approval } from './approval';
import { ContainmentMode } from './containment-mode';
import type { Criticality } from './asset-group';
import type { Level } from './level';
import type { SweepMode } from './sweep-mode';

/** Where an alert came from. */
export enum AlertSource {
  CLOUDTRAIL = 'cloudtrail',
  GUARDDUTY = 'guardduty',
  APPLICATION = 'application',
}

/** Which entities of an alert a runbook may contain. */
export enum Contains {
  /** Who acted, as AWS itself attests it. */
  ACTOR = 'actor',
  /** What was acted upon: named by a finding, or by a call that succeeded. */
  TARGET = 'target',
}

/** How severe an incident is at least; SEV1 is the worst. */
export enum IncidentSeverity {
  SEV1 = 'SEV1',
  SEV2 = 'SEV2',
  SEV3 = 'SEV3',
  SEV4 = 'SEV4',
}

/** One runbook of a response plan. */
export interface RunbookChoice {
  readonly runbook: ContainmentRunbook;
  readonly contains: Contains;
  /** @default - the mode of the `IncidentResponse` */
  readonly mode?: ContainmentMode;
  /**
   * How people are asked where the mode is `APPROVE`; `Approval.required(…)` turns `ENFORCE` as the mode of the
   * `IncidentResponse` into `APPROVE`, and `Approval.automatic()` the other way round.
   *
   * @default - the approval of the `IncidentResponse`
   */
  readonly approval?: Approval;
}

/** For which alerts which answer. Conditions that are left out hold always; all that are given must hold. */
export interface ResponsePlanProps {
  /** Unique among the plans; appears in incidents. */
  readonly name: string;
  /** @default - any rule */
  readonly rules?: string[];
  /** @default - any tag */
  readonly tags?: string[];
  /** @default - any level */
  readonly levelAtLeast?: Level;
  /** @default - any source */
  readonly sources?: AlertSource[];
  /**
   * Kinds of entity, one of which the alert must be about, such as `user` or `instance`.
   *
   * @default - any entity
   */
  readonly entityKinds?: string[];
  /**
   * ARNs in which `*` and `?` stand for anything; one of what the alert is about must be among them. What only an
   * attacker's word names does not count.
   *
   * @default - anything
   */
  readonly entities?: string[];
  /** @default - any account */
  readonly accounts?: string[];
  /**
   * At least this much at stake, as the groups of assets say it; what is in none is of middle criticality.
   *
   * @default - whatever is at stake
   */
  readonly criticalityAtLeast?: Criticality;
  /**
   * A plan that is not promoted yet: its runbooks only observe, and the report says what they would have done.
   *
   * @default false
   */
  readonly staged?: boolean;
  /** @default - people are told, nothing is contained */
  readonly runbooks?: RunbookChoice[];
  /**
   * What becomes of what a user or role created or changed before a runbook of this plan contained it.
   *
   * @default SweepMode.LIST
   */
  readonly sweep?: SweepMode;
  /** @default - the default chain of the `IncidentResponse` */
  readonly escalationChain?: EscalationChain;
  /** @default - from impact and urgency */
  readonly severity?: IncidentSeverity;
  /**
   * Who is told how these incidents go, of the stakeholders of the `IncidentResponse`; an empty list: nobody.
   *
   * @default - all of them
   */
  readonly stakeholders?: Stakeholder[];
}

/** A response plan. The first one whose conditions hold answers an alert. */
export class ResponsePlan {
  public constructor(public readonly props: ResponsePlanProps) {}

  /**
   * The plan as triage reads it.
   *
   * @internal
   */
  public _toData(defaultMode: ContainmentMode, defaultChain: string, defaultApproval: Approval): PlanData {
    const { props } = this;
    return {
      name: props.name,
      when: {
        rules: props.rules,
        tags: props.tags,
        levelAtLeast: props.levelAtLeast,
        sources: props.sources,
        entityKinds: props.entityKinds as EntityKind[] | undefined,
        entities: props.entities,
        accounts: props.accounts,
        criticalityAtLeast: props.criticalityAtLeast,
      },
      runbooks: (props.runbooks ?? []).map((choice) => ({
        runbook: choice.runbook.runbookId,
        contains: choice.contains,
        ...this.howFar(choice, defaultMode, defaultApproval),
      })),
      chain: props.escalationChain?.chainName ?? defaultChain,
      severity: props.severity,
      stakeholders: props.stakeholders?.map((stakeholder) => stakeholder.props.name),
      staged: props.staged,
      sweep: props.sweep,
    };
  }

  /** Mode and approval say one thing together; where they contradict each other, nobody guesses. */
  private howFar(choice: RunbookChoice, defaultMode: ContainmentMode, defaultApproval: Approval): HowFar {
    const where = `response plan '${this.props.name}', runbook '${choice.runbook.runbookId}'`;
    const mode = choice.mode ?? defaultMode;
    const asks = (choice.approval ?? defaultApproval)._settings;
    switch (mode) {
      case ContainmentMode.OBSERVE:
        return { mode };
      case ContainmentMode.APPROVE:
        if (asks) return { mode, approval: asks };
        if (choice.approval && choice.mode === undefined) return { mode: ContainmentMode.ENFORCE };
        throw new Error(
          `${where}: mode is 'approve', but its approval is automatic; give it Approval.required(…), or the mode 'enforce'`,
        );
      case ContainmentMode.ENFORCE:
        if (!choice.approval?._settings) return { mode };
        if (choice.mode === undefined) return { mode: ContainmentMode.APPROVE, approval: choice.approval._settings };
        throw new Error(
          `${where}: mode is 'enforce', which asks nobody, but its approval is required; give it the mode 'approve', or leave 'approval' out`,
        );
    }
  }
}

type HowFar = Pick<PlanData['runbooks'][number], 'mode' | 'approval'>;
