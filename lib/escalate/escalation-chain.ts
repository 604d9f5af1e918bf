import { Annotations, Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { type IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { DeadLetterQueue } from '../dead-letter-queue';
import { explainWildcard } from '../explain-wildcard';
import { logsOfMachines } from '../firebreak-logs';
import { markExercise } from '../model/exercise';
import type { Severity } from '../model/severity';
import { ESCALATION_METRICS, LEVELS_UNANSWERED } from '../model/metrics';
import { AlarmTopic } from './alarm-topic';
import { chainDefinition } from './chain-definition';
import type { IEscalationHost } from './escalation-host';
import { checkLevels } from './check-levels';
import { checkSilence } from './check-silence';
import type { EscalationLevel } from './escalation-level';
import { NobodyAnswers } from './nobody-answers';
import { RecipientScope, grantKeyForPublishing } from './recipient-scope';

/** Who is paged, in which order, and what happens when nobody answers. */
export interface EscalationChainProps {
  /** In the order in which they are paged; at least one. */
  readonly levels: EscalationLevel[];
  /**
   * What happens when no level answered.
   *
   * @default - `NobodyAnswers.alarm()`: the alarm topic is told once
   */
  readonly whenNobodyAnswers?: NobodyAnswers;
  /**
   * How long whoever acknowledged may be silent - no note, no hand-over, no release - before people are paged again;
   * 15 minutes to 7 days.
   *
   * @default - as long as they like: an acknowledgement holds until the incident is closed
   */
  readonly voidAfterSilence?: Duration;
  /**
   * What response plans and timelines call it; letters, digits, spaces and `-_.`, 60 characters at most.
   *
   * @default - the construct's id
   */
  readonly chainName?: string;
}

/** What business hours (a week of holidays) and snoozes may add. What stands still meanwhile, the auditor notices. */
const HELD = Duration.days(12);

/** An incident whose silence is watched is closed within this time; older ones are somebody's project. */
const WATCHED = Duration.days(90);

const CHAIN_NAME = /^[A-Za-z0-9][A-Za-z0-9 _.-]{0,59}$/;

/**
 * An escalation chain: levels of recipients that are paged one after the other, until somebody acknowledges.
 *
 * Each chain is a state machine of its own whose definition holds the levels: an escalation under way keeps the chain
 * that it started with, whatever is deployed meanwhile. Give it to an `IncidentResponse`, or to an `Escalation`.
 */
export class EscalationChain extends Construct {
  public readonly chainName: string;
  private readonly levels: readonly EscalationLevel[];
  private readonly whenNobodyAnswers: NobodyAnswers;
  private readonly silence?: Duration;
  private bound?: BoundChain;

  /** @throws Error in words about levels and recipients where the chain could page nobody. */
  constructor(scope: Construct, id: string, props: EscalationChainProps) {
    super(scope, id);
    this.chainName = props.chainName ?? id;
    if (!CHAIN_NAME.test(this.chainName)) {
      throw new Error(
        `'${this.chainName}' is not a name for an escalation chain; use 1 to 60 letters, digits, spaces and the ` +
          'characters - _ . and start with a letter or digit',
      );
    }
    checkLevels(this.chainName, props.levels);
    this.levels = [...props.levels];
    this.whenNobodyAnswers = props.whenNobodyAnswers ?? NobodyAnswers.alarm();
    this.silence = checkSilence(this.chainName, props.voidAfterSilence);
    this.warnOfEmailAlone();
  }

  /** Runs escalations; takes `{ schemaVersion: 1, incidentId, attempt }`. */
  public get machine(): StateMachine {
    return this.parts.machine;
  }

  /**
   * Reaches the first level without an incident: for alarms, and for changes of Firebreak's own parts. EventBridge
   * and CloudWatch of this account may publish to it.
   */
  public get alarmTopic(): ITopic {
    return this.parts.alarm.topic;
  }

  /** Every topic of this chain that people are subscribed to, the alarm topic included. */
  public get topics(): ITopic[] {
    return [...this.parts.topics, this.parts.alarm.topic];
  }

  /** Where pages and alarms lie that could not be delivered. */
  public get deadLetterQueues(): IQueue[] {
    const { deadLetterQueue, alarm } = this.parts;
    return [deadLetterQueue, ...(alarm.relayDeadLetterQueue ? [alarm.relayDeadLetterQueue] : [])];
  }

  /** In alarm for a minute after an escalation that nobody answered, or that failed. */
  public get exhaustedAlarm(): Alarm {
    return this.parts.exhaustedAlarm;
  }

  /** How many times a level let its time run out; sum over 5 minutes. */
  public metricUnacknowledged(): IMetric {
    return new Metric({
      namespace: ESCALATION_METRICS,
      metricName: LEVELS_UNANSWERED,
      dimensionsMap: { Chain: this.chainName },
      statistic: 'Sum',
      period: Duration.minutes(5),
      label: `Unanswered pages of ${this.chainName}`,
    });
  }

  /** Escalations that no level answered, or that failed; sum over 1 minute. Counted by Step Functions itself. */
  public metricExhausted(): IMetric {
    return this.machine.metricFailed({
      statistic: 'Sum',
      period: Duration.minutes(1),
      label: `Nobody answered ${this.chainName}`,
    });
  }

  /**
   * Creates what the chain needs to run. Called by the `Escalation` that it is given to.
   *
   * @throws Error where the chain is bound already.
   */
  public bind(host: IEscalationHost): void {
    if (this.bound) {
      throw new Error(`escalation chain '${this.chainName}' was given to two escalations; create a chain for each`);
    }
    this.bound = this.makeParts(host);
  }

  private makeParts(host: IEscalationHost): BoundChain {
    const { encryptionKey } = host;
    const deadLetterQueue = new DeadLetterQueue(this, 'DeadLetterQueue');
    const recipients = new RecipientScope(this, {
      senders: [host.pageFunction],
      enders: [host.finishFunction],
      encryptionKey,
      deadLetterQueue,
    });
    const levels = this.levels.map((level) => ({
      name: level.name,
      recipients: level.recipients.map((recipient) => recipient._bind(recipients)),
      rotation: level.rotation?._bind(recipients),
      businessHours: level.businessHours?._snapshot(),
      seconds: secondsOf(level),
      repeats: level.repeats ?? 0,
    }));
    const alarm = new AlarmTopic(this, 'Alarm', {
      chain: this.chainName,
      recipients: [...(this.levels[0]?.recipients ?? []), ...(this.levels[0]?.rotation?._people ?? [])],
      encryptionKey,
      deadLetterQueue,
      exercise: host.exercise,
    });
    const alarmTopic = host.alarmTopic ?? alarm.topic;
    const machine = new StateMachine(this, 'Machine', {
      stateMachineType: StateMachineType.STANDARD,
      comment: `Escalation chain ${this.chainName}: ${levels.map(({ name }) => name).join(', ')}`,
      definitionBody: DefinitionBody.fromChainable(
        chainDefinition(new Construct(this, 'States'), {
          chain: this.chainName,
          levels,
          startAgain: this.whenNobodyAnswers.times,
          silenceSeconds: this.silence?.toSeconds(),
          pageFunction: host.pageFunction,
          answerFunction: host.answerFunction,
          finishFunction: host.finishFunction,
          alarmTopic,
          exercise: host.exercise,
        }),
      ),
      timeout: this.longest(),
      tracingEnabled: true,
      logs: {
        level: LogLevel.ALL,
        includeExecutionData: false,
        destination: logsOfMachines(this, 'MachineLogs'),
      },
    });
    grantKeyForPublishing(encryptionKey, machine);
    this.explainMachine(machine, host);
    const exhaustedAlarm = this.alarmOn(machine, alarmTopic, host.exercise);
    return { machine, alarm, topics: recipients.topics, deadLetterQueue, exhaustedAlarm };
  }

  private explainMachine(machine: StateMachine, host: IEscalationHost): void {
    explainWildcard(machine, '*', 'Log deliveries and X-Ray traces of a state machine know no resource');
    for (const { functionArn } of [host.pageFunction, host.answerFunction, host.finishFunction]) {
      explainWildcard(machine, `${functionArn}:*`, 'The CDK names all versions of a function; this one has none');
    }
  }

  /** Seen by CloudWatch from the machine's own failures: needs nothing of Firebreak to be alive. */
  private alarmOn(machine: StateMachine, alarmTopic: ITopic, exercise: string | undefined): Alarm {
    const alarm = new Alarm(this, 'Exhausted', {
      alarmDescription: markExercise(
        `Nobody answered escalation chain '${this.chainName}', or it failed: firebreak incident list`,
        exercise,
      ),
      metric: machine.metricFailed({ statistic: 'Sum', period: Duration.minutes(1) }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(alarmTopic));
    return alarm;
  }

  /**
   * Seconds that its longest step may take: what advances slower stands still.
   *
   * @internal
   */
  public get _longestStep(): number {
    return Math.max(...this.levels.flatMap((level) => Object.values(secondsOf(level))));
  }

  /**
   * Whether whoever acknowledged is looked after.
   *
   * @internal
   */
  public get _watchesSilence(): boolean {
    return this.silence !== undefined;
  }

  /** Every wait of every run, and an hour: what runs longer is stuck, and ends as timed out, which is noticed. */
  private longest(): Duration {
    const seconds = this.levels.map(
      (level) => Math.max(...Object.values(secondsOf(level))) * (1 + (level.repeats ?? 0)),
    );
    const once = seconds.reduce((sum, each) => sum + each, 0);
    return Duration.seconds(once * (1 + this.whenNobodyAnswers.times) + 60 * 60).plus(this.silence ? WATCHED : HELD);
  }

  private warnOfEmailAlone(): void {
    const channels = this.levels.flatMap(({ recipients, rotation }) =>
      [...recipients, ...(rotation?._people ?? [])].flatMap(({ _channels }) => _channels),
    );
    if (!channels.every((recipient) => recipient._kind === 'email')) return;
    Annotations.of(this).addWarningV2(
      'firebreak:escalation-email-only',
      `Escalation chain '${this.chainName}' reaches people by SNS e-mail alone. Mail scanners follow the unsubscribe link ` +
        'that SNS puts under each mail and silently remove people; add an SMS, webhook, pager or queue recipient.',
    );
  }

  private get parts(): BoundChain {
    if (this.bound) return this.bound;
    throw new Error(
      `escalation chain '${this.chainName}' belongs to no escalation yet; give it to an IncidentResponse or an Escalation first`,
    );
  }
}

function secondsOf(level: EscalationLevel): Record<Severity, number> {
  const { acknowledgeWithin, acknowledgeWithinBySeverity: times } = level;
  const seconds = (within: Duration | undefined) => (within ?? acknowledgeWithin).toSeconds();
  return {
    SEV1: seconds(times?.sev1),
    SEV2: seconds(times?.sev2),
    SEV3: seconds(times?.sev3),
    SEV4: seconds(times?.sev4),
  };
}

interface BoundChain {
  readonly machine: StateMachine;
  readonly alarm: AlarmTopic;
  readonly topics: readonly ITopic[];
  readonly deadLetterQueue: Queue;
  readonly exhaustedAlarm: Alarm;
}
