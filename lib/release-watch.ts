import { EventField, Rule } from 'aws-cdk-lib/aws-events';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { AlarmTarget } from './alarm-target';
import { inGroups, MACHINE_ARN } from './in-groups';

export interface ReleaseWatchProps {
  /** Who is told. */
  readonly alarmTopic: ITopic;
  readonly deadLetterQueue: IQueue;
  /** Those that release, of all runbooks. */
  readonly machines: StateMachine[];
  /** What is rehearsed: alarms say that something is. */
  readonly exercise?: string;
}

/**
 * Tells the first level of each release as it begins, by whatever way it was asked for: whoever may invoke functions or start
 * executions could let an attacker go, in any name.
 */
export class ReleaseWatch extends Construct {
  constructor(scope: Construct, id: string, props: ReleaseWatchProps) {
    super(scope, id);
    for (const [number, machines] of inGroups(props.machines, () => MACHINE_ARN)) {
      const rule = new Rule(this, `Begun${number}`, {
        description: 'Firebreak: a release began',
        eventPattern: {
          source: ['aws.states'],
          detailType: ['Step Functions Execution Status Change'],
          detail: { status: ['RUNNING'], stateMachineArn: machines.map(({ stateMachineArn }) => stateMachineArn) },
        },
      });
      rule.addTarget(
        new AlarmTarget({
          ...props,
          // The machine, and not the execution: whoever starts one words its name.
          text:
            `Firebreak: a release began at ${EventField.fromPath('$.time')} by ${EventField.fromPath('$.detail.stateMachineArn')}. ` +
            'If none of you asked for it, pull the brake (firebreak pause) and look in CloudTrail for StartExecution.',
        }),
      );
    }
  }
}
