import { Duration } from 'aws-cdk-lib';
import { Alarm, type CfnAlarm, ComparisonOperator, TreatMissingData, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { EventField, Rule } from 'aws-cdk-lib/aws-events';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { AlarmTarget } from './alarm-target';
import { deadLetterGrowth } from './dead-letter-growth';
import { inGroups, MACHINE_ARN } from './in-groups';
import { markExercise } from './model/exercise';

export interface SelfWatchProps {
  /** Who is told, by a path that needs no Lambda of Firebreak. */
  readonly alarmTopic: ITopic;
  /** Every place where something may lie that was not delivered. */
  readonly deadLetterQueues: IQueue[];
  readonly machines: StateMachine[];
  /** Where what EventBridge could not deliver to the topic goes. */
  readonly deadLetterQueue: IQueue;
  /** Functions without which an alert goes unnoticed. */
  readonly functions: IFunction[];
  /** Alarms that the stages made themselves. */
  readonly alarms: Alarm[];
  /** What is rehearsed: alarms say that something is. */
  readonly exercise?: string;
}

/** Watches over Firebreak itself: dead letters, failed executions, failing functions. All lead to the first level. */
export class SelfWatch extends Construct {
  public readonly alarms: Alarm[];

  constructor(scope: Construct, id: string, props: SelfWatchProps) {
    super(scope, id);
    const made = [
      ...props.deadLetterQueues.map((queue) => this.deadLetters(queue)),
      ...deadLetterGrowth(this, props.deadLetterQueues),
      ...props.functions.flatMap((handler) => [this.errors(handler), this.throttles(handler)]),
    ];
    this.unfinished(props.machines, props);
    this.alarms = [...made, ...props.alarms];
    for (const alarm of this.alarms) {
      alarm.addAlarmAction(new SnsAction(props.alarmTopic));
      const made = alarm.node.defaultChild as CfnAlarm;
      made.alarmDescription = markExercise(made.alarmDescription ?? '', props.exercise);
    }
  }

  private deadLetters(queue: IQueue): Alarm {
    return this.alarm(queue, 'DeadLetters', {
      description: `Firebreak: something waits in ${queue.node.path}; look at it and redrive it`,
      metric: queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: 'Maximum' }),
    });
  }

  /**
   * A rule and no alarm on a metric: it names the execution, comes at once, and one serves many machines. What a
   * machine catches by itself is escalated by the machine; this also sees what no catch does.
   */
  private unfinished(machines: readonly StateMachine[], props: SelfWatchProps): void {
    for (const [number, some] of inGroups(machines, () => MACHINE_ARN)) {
      const rule = new Rule(this, `Unfinished${number}`, {
        description: 'Firebreak: an execution failed, timed out or was aborted',
        eventPattern: {
          source: ['aws.states'],
          detailType: ['Step Functions Execution Status Change'],
          detail: {
            status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
            stateMachineArn: some.map(({ stateMachineArn }) => stateMachineArn),
          },
        },
      });
      rule.addTarget(
        new AlarmTarget({
          ...props,
          text: `Firebreak: execution ${EventField.fromPath('$.detail.executionArn')} ended as ${EventField.fromPath('$.detail.status')}. Look at its incident: firebreak incident list`,
        }),
      );
    }
  }

  private errors(handler: IFunction): Alarm {
    return this.alarm(handler, 'Errors', {
      description: `Firebreak: ${handler.node.path} fails; alerts may be late`,
      metric: handler.metricErrors({ period: Duration.minutes(5), statistic: 'Sum' }),
    });
  }

  /**
   * Whoever takes all concurrency of the account holds alerts up, and no error is counted. Nobody can write these figures, as
   * they can write those of Firebreak's own metrics.
   */
  private throttles(handler: IFunction): Alarm {
    return this.alarm(handler, 'Throttles', {
      description: `Firebreak: ${handler.node.path} is kept from running for 15 minutes: the account's concurrency is used up`,
      metric: handler.metricThrottles({ period: Duration.minutes(5), statistic: 'Sum' }),
      evaluationPeriods: 3,
    });
  }

  private alarm(
    watched: Construct | IQueue | IFunction,
    what: string,
    of: { description: string; metric: IMetric; evaluationPeriods?: number },
  ): Alarm {
    // From the path and never from the order: an alarm more or less replaces no other.
    const id = `${watched.node.path.split('/').slice(1).join('')}${what}`;
    return new Alarm(this, id, {
      alarmDescription: of.description,
      metric: of.metric,
      threshold: 1,
      evaluationPeriods: of.evaluationPeriods ?? 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
