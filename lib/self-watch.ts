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

/** An event pattern has 2,048 characters at most (EventBridge quotas), and an ARN of a machine some 150. */
const MACHINES_IN_A_RULE = 10;

/** Watches over Firebreak itself: dead letters, failed executions, failing functions. All lead to the first level. */
export class SelfWatch extends Construct {
  public readonly alarms: Alarm[];

  constructor(scope: Construct, id: string, props: SelfWatchProps) {
    super(scope, id);
    const made = [
      ...props.deadLetterQueues.map((queue) => this.deadLetters(queue)),
      ...deadLetterGrowth(this, props.deadLetterQueues),
      ...props.functions.map((handler) => this.errors(handler)),
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
    for (let from = 0; from < machines.length; from += MACHINES_IN_A_RULE) {
      const some = machines.slice(from, from + MACHINES_IN_A_RULE);
      const rule = new Rule(this, `Unfinished${from === 0 ? '' : from / MACHINES_IN_A_RULE + 1}`, {
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

  private alarm(
    watched: Construct | IQueue | IFunction,
    what: string,
    of: { description: string; metric: IMetric },
  ): Alarm {
    // From the path and never from the order: an alarm more or less replaces no other.
    const id = `${watched.node.path.split('/').slice(1).join('')}${what}`;
    return new Alarm(this, id, {
      alarmDescription: of.description,
      metric: of.metric,
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
