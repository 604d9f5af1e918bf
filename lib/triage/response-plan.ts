import type { ContainmentRunbook } from '../contain/containment-runbook';
import type { EscalationChain } from '../escalate/escalation-chain';
import type { ResponsePlan as PlanData } from '../model/plan';
import type { EntityKind } from '../model/entity';
import type { Criticality } from './asset-group';
import type { ContainmentMode } from './containment-mode';
import type { Level } from './level';

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
  /** @default - the default chain of the `IncidentResponse` */
  readonly escalationChain?: EscalationChain;
  /** @default - from impact and urgency */
  readonly severity?: IncidentSeverity;
}

/** A response plan. The first one whose conditions hold answers an alert. */
export class ResponsePlan {
  public constructor(public readonly props: ResponsePlanProps) {}

  /**
   * The plan as triage reads it.
   *
   * @internal
   */
  public _toData(defaultMode: ContainmentMode, defaultChain: string): PlanData {
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
      runbooks: (props.runbooks ?? []).map(({ runbook, mode, contains }) => ({
        runbook: runbook.runbookId,
        mode: mode ?? defaultMode,
        contains,
      })),
      chain: props.escalationChain?.chainName ?? defaultChain,
      severity: props.severity,
      staged: props.staged,
    };
  }
}
