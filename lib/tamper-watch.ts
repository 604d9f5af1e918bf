import { ArnFormat, Stack } from 'aws-cdk-lib';
import { EventField, Match, Rule } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { AlarmTarget } from './alarm-target';
import { CLOUDTRAIL_DETAIL_TYPES } from './log/detail-types';

export interface TamperWatchProps {
  /** Who is told, straight from EventBridge. */
  readonly alarmTopic: ITopic;
  readonly deadLetterQueue: IQueue;
  readonly encryptionKey: IKey;
  readonly machines: StateMachine[];
  readonly brakeParameterName: string;
  /** Names of the log groups that Firebreak is subscribed to. */
  readonly logGroupNames: string[];
  /** What is rehearsed: alarms say that something is. */
  readonly exercise?: string;
}

/** CloudFormation cuts the stack's name to this in the names of roles, which may have 64 characters in all. */
const NAME_PREFIX = 24;
/** An event pattern has 2,048 characters at most (EventBridge quotas); a machine takes up to 300 of them here. */
const MACHINES_IN_A_RULE = 5;

/**
 * Whoever deletes or changes Firebreak's own filters, rules, subscriptions, keys, roles, functions or the brake is told on
 * at once: from the default bus straight to the first level, past the detector that may be what was changed. A
 * deployment of Firebreak changes these too, and is told like any other change.
 *
 * Parts are known by the prefix that CloudFormation gives their names, so that no list can go stale; another stack whose
 * name begins alike is told on too.
 */
export class TamperWatch extends Construct {
  private readonly prefix: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: TamperWatchProps,
  ) {
    super(scope, id);
    this.prefix = Stack.of(this).stackName.slice(0, NAME_PREFIX);
    const named = [{ prefix: this.prefix }, { wildcard: `arn:*:${this.prefix}*` }];
    this.watch('Rules', ['DeleteRule', 'DisableRule', 'PutRule', 'RemoveTargets', 'PutTargets'], {
      $or: [{ name: named }, { rule: named }],
    });
    this.watch(
      'Roles',
      [
        'AttachRolePolicy',
        'DeleteRole',
        'DeleteRolePermissionsBoundary',
        'DeleteRolePolicy',
        'DetachRolePolicy',
        'PutRolePermissionsBoundary',
        'PutRolePolicy',
        'UpdateAssumeRolePolicy',
      ],
      { roleName: named },
    );
    // The boundary of what contains, and the policy that denies.
    this.watch('Policies', ['CreatePolicyVersion', 'DeletePolicy', 'DeletePolicyVersion', 'SetDefaultPolicyVersion'], {
      policyArn: [{ wildcard: `arn:*:policy/${this.prefix}*` }],
    });
    this.watch(
      'Functions',
      [
        'DeleteFunction20150331',
        'PutFunctionConcurrency20171031',
        'RemovePermission20150331v2',
        'UpdateFunctionCode20150331v2',
        'UpdateFunctionConfiguration20150331v2',
      ],
      { functionName: named },
    );
    // These name only a UUID: every one of the account is told.
    this.watch('EventSources', ['DeleteEventSourceMapping20150331', 'UpdateEventSourceMapping20150331']);
    this.watch('Queues', ['DeleteQueue', 'PurgeQueue', 'SetQueueAttributes'], {
      queueUrl: [{ wildcard: `*/${this.prefix}*` }],
    });
    this.watch('Tables', ['DeleteTable', 'UpdateTable', 'UpdateTimeToLive'], { tableName: named });
    this.watch('Topics', ['DeleteTopic', 'SetTopicAttributes', 'Unsubscribe'], {
      $or: [{ topicArn: named }, { subscriptionArn: named }],
    });
    this.watchMachines(props.machines);
    this.watch('Alarms', ['DeleteAlarms', 'DisableAlarmActions'], { alarmNames: named });
    this.watch('Key', ['DisableKey', 'PutKeyPolicy', 'ScheduleKeyDeletion'], {
      keyId: [props.encryptionKey.keyId, props.encryptionKey.keyArn],
    });
    this.watch('Brake', ['DeleteParameter', 'DeleteParameters', 'PutParameter'], {
      $or: [{ name: [props.brakeParameterName] }, { names: [props.brakeParameterName] }],
    });
    if (props.logGroupNames.length > 0) {
      this.watch('Filters', ['DeleteLogGroup', 'DeleteSubscriptionFilter', 'PutSubscriptionFilter'], {
        logGroupName: props.logGroupNames,
      });
    }
  }

  /**
   * CloudFormation does not name state machines after their stack, so they are listed. By prefix: EventBridge refuses a rule
   * as too complex that has more than two or three wildcards for one field.
   */
  private watchMachines(machines: readonly StateMachine[]): void {
    for (let from = 0; from < machines.length; from += MACHINES_IN_A_RULE) {
      const some = machines.slice(from, from + MACHINES_IN_A_RULE);
      this.watch(
        `Machines${from === 0 ? '' : from / MACHINES_IN_A_RULE + 1}`,
        ['DeleteStateMachine', 'StopExecution', 'UpdateStateMachine'],
        {
          $or: [
            { stateMachineArn: some.map(({ stateMachineArn }) => stateMachineArn) },
            {
              executionArn: some.map(({ stateMachineName }) => ({ prefix: `${this.executionsOf(stateMachineName)}:` })),
            },
          ],
        },
      );
    }
  }

  private executionsOf(resourceName: string): string {
    const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
    return Stack.of(this).formatArn({ service: 'states', resource: 'execution', resourceName, arnFormat });
  }

  private watch(id: string, eventName: string[], requestParameters?: object): void {
    const rule = new Rule(this, id, {
      description: `Firebreak: somebody changed Firebreak's own ${id.toLowerCase()}`,
      eventPattern: {
        // Whoever may put events on the bus chooses everything but a source that begins so: EventBridge refuses it.
        source: Match.prefix('aws.'),
        detailType: CLOUDTRAIL_DETAIL_TYPES,
        detail: { eventName, ...(requestParameters && { requestParameters }) },
      },
    });
    rule.addTarget(
      new AlarmTarget({
        ...this.props,
        // Only fields that AWS writes: nothing that the caller could word.
        text:
          `Firebreak itself was changed (${id.toLowerCase()}): ${EventField.fromPath('$.detail.eventName')} at ` +
          `${EventField.fromPath('$.detail.eventTime')} in account ${EventField.fromPath('$.account')}, ` +
          `CloudTrail event ${EventField.fromPath('$.detail.eventID')}. If this was not a deployment, act now.`,
      }),
    );
  }
}
