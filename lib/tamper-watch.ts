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
  /** Who is told of what CloudFormation changed. */
  readonly deploymentTopic: ITopic;
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
/** The same, where only their ARNs stand in the rule. */
const MACHINES_DEPLOYED_IN_A_RULE = 10;
/** What every deployment calls, by the parts that it changes so. */
const DEPLOYED = {
  Rules: ['PutRule', 'PutTargets'],
  Roles: ['AttachRolePolicy', 'PutRolePermissionsBoundary', 'PutRolePolicy', 'UpdateAssumeRolePolicy'],
  Functions: ['UpdateFunctionCode20150331v2', 'UpdateFunctionConfiguration20150331v2'],
  Machines: ['UpdateStateMachine'],
  Filters: ['PutSubscriptionFilter'],
};
/** What CloudTrail has as the caller's address where CloudFormation called. Nobody else can make it so, other than the user agent. */
const CLOUDFORMATION = 'cloudformation.amazonaws.com';
/** Of others, and of whatever has no address: it is better told too loudly than not at all. */
const NOT_CLOUDFORMATION = [{ 'anything-but': [CLOUDFORMATION] }, { exists: false }];

/**
 * Whoever deletes or changes Firebreak's own filters, rules, subscriptions, keys, roles, functions or the brake is told on
 * at once: from the default bus straight to the first level, past the detector that may be what was changed. What
 * every deployment changes goes to the `DeploymentTopic` where CloudFormation changed it; whatever ends a watch or a page is told
 * at once whoever does it.
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
    this.watch('Rules', ['DeleteRule', 'DisableRule', 'RemoveTargets'], {
      $or: [{ name: named }, { rule: named }],
    });
    this.watch('Roles', ['DeleteRole', 'DeleteRolePermissionsBoundary', 'DeleteRolePolicy', 'DetachRolePolicy'], {
      roleName: named,
    });
    // The boundary of what contains, and the policy that denies.
    this.watch('Policies', ['CreatePolicyVersion', 'DeletePolicy', 'DeletePolicyVersion', 'SetDefaultPolicyVersion'], {
      policyArn: [{ wildcard: `arn:*:policy/${this.prefix}*` }],
    });
    this.watch(
      'Functions',
      ['DeleteFunction20150331', 'PutFunctionConcurrency20171031', 'RemovePermission20150331v2'],
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
      this.watch('Filters', ['DeleteLogGroup', 'DeleteSubscriptionFilter'], { logGroupName: props.logGroupNames });
    }
    this.watchDeployments(named);
  }

  /** In as few rules as may be: which part it was stands in the call. */
  private watchDeployments(named: readonly unknown[]): void {
    const { machines, logGroupNames } = this.props;
    this.deployed('Parts', [...DEPLOYED.Rules, ...DEPLOYED.Roles, ...DEPLOYED.Functions], {
      $or: [{ name: named }, { rule: named }, { roleName: named }, { functionName: named }],
    });
    for (const [number, some] of inGroupsOf(MACHINES_DEPLOYED_IN_A_RULE, machines)) {
      const stateMachineArn = some.map((machine) => machine.stateMachineArn);
      this.deployed(`Machines${number}`, DEPLOYED.Machines, { stateMachineArn });
    }
    if (logGroupNames.length > 0) this.deployed('Filters', DEPLOYED.Filters, { logGroupName: logGroupNames });
  }

  /**
   * CloudFormation does not name state machines after their stack, so they are listed. By prefix: EventBridge refuses a rule
   * as too complex that has more than two or three wildcards for one field.
   */
  private watchMachines(machines: readonly StateMachine[]): void {
    for (const [number, some] of inGroupsOf(MACHINES_IN_A_RULE, machines)) {
      const stateMachineArn = some.map((machine) => machine.stateMachineArn);
      const executionArn = some.map(({ stateMachineName }) => ({ prefix: `${this.executionsOf(stateMachineName)}:` }));
      const parameters = { $or: [{ stateMachineArn }, { executionArn }] };
      this.watch('Machines', ['DeleteStateMachine', 'StopExecution'], parameters, number);
    }
  }

  private executionsOf(resourceName: string): string {
    const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
    return Stack.of(this).formatArn({ service: 'states', resource: 'execution', resourceName, arnFormat });
  }

  /** @param ends - calls that are told of at once, whoever makes them */
  private watch(parts: string, ends: readonly string[], requestParameters?: object, number = ''): void {
    const deployed = Object.entries(DEPLOYED).find(([name]) => name === parts)?.[1];
    const byOthers = { eventName: deployed, sourceIPAddress: NOT_CLOUDFORMATION };
    this.tell(`${parts}${number}`, this.props.alarmTopic, `somebody changed Firebreak's own ${parts.toLowerCase()}`, {
      ...(deployed ? { $or: [{ eventName: ends }, byOthers] } : { eventName: ends }),
      ...(requestParameters && { requestParameters }),
    });
  }

  private deployed(id: string, eventName: readonly string[], requestParameters: object): void {
    this.tell(`Deployed${id}`, this.props.deploymentTopic, "CloudFormation changed Firebreak's own parts", {
      eventName,
      sourceIPAddress: [CLOUDFORMATION],
      requestParameters,
    });
  }

  private tell(id: string, topic: ITopic, what: string, detail: Record<string, unknown>): void {
    const rule = new Rule(this, id, {
      description: `Firebreak: ${what}`,
      eventPattern: {
        // Whoever may put events on the bus chooses everything but a source that begins so: EventBridge refuses it.
        source: Match.prefix('aws.'),
        detailType: CLOUDTRAIL_DETAIL_TYPES,
        detail,
      },
    });
    rule.addTarget(
      new AlarmTarget({
        ...this.props,
        alarmTopic: topic,
        // Only fields that AWS writes: nothing that the caller could word.
        text:
          `Firebreak: ${what}: ${EventField.fromPath('$.detail.eventName')} at ` +
          `${EventField.fromPath('$.detail.eventTime')} in account ${EventField.fromPath('$.account')}, ` +
          `CloudTrail event ${EventField.fromPath('$.detail.eventID')}. If this was not a deployment, act now.`,
      }),
    );
  }
}

/** With the number of each group, which the first does not have. */
function inGroupsOf<T>(size: number, all: readonly T[]): [string, T[]][] {
  const groups = Array.from({ length: Math.ceil(all.length / size) }, (_, index) => index);
  return groups.map((index) => [index === 0 ? '' : String(index + 1), all.slice(index * size, (index + 1) * size)]);
}
