import { ArnFormat, Stack, Token } from 'aws-cdk-lib';
import { EventField, Match, Rule } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { AlarmTarget } from './alarm-target';
import type { DeploymentTopic } from './deployment-topic';
import { inGroups, MACHINE_ARN } from './in-groups';
import { CLOUDTRAIL_DETAIL_TYPES } from './log/detail-types';
import { partPrefix } from './part-prefix';

export interface TamperWatchProps {
  /** Who is told, straight from EventBridge. */
  readonly alarmTopic: ITopic;
  /** Has what CloudFormation changes in a deployment. */
  readonly deployments: DeploymentTopic;
  readonly deadLetterQueue: IQueue;
  readonly encryptionKey: IKey;
  readonly machines: StateMachine[];
  readonly brakeParameterName: string;
  /** Names of the log groups that Firebreak is subscribed to. */
  readonly logGroupNames: string[];
  /** What is rehearsed: alarms say that something is. */
  readonly exercise?: string;
}

/** Characters that a machine takes at most: its ARN, and the prefix of its executions. */
const MACHINE = 300;
/** Longest name of a log group (CloudWatch Logs quotas), for those that are not known yet. */
const LOG_GROUP_NAME = 512;
/** What every deployment calls, by the parts that it changes so. */
const DEPLOYED = {
  Rules: ['PutRule', 'PutTargets'],
  Roles: ['AttachRolePolicy', 'PutRolePermissionsBoundary', 'PutRolePolicy', 'UpdateAssumeRolePolicy'],
  Functions: ['UpdateFunctionCode20150331v2', 'UpdateFunctionConfiguration20150331v2'],
  Machines: ['UpdateStateMachine'],
  Alarms: ['PutMetricAlarm'],
  Filters: ['PutSubscriptionFilter'],
  Topics: ['Subscribe'],
};
/** Whose parts these are about, no parameter of theirs says that a pattern could ask for: each of the account is told. */
const ACCOUNT_WIDE = [
  // Name a UUID.
  'DeleteEventSourceMapping20150331',
  'UpdateEventSourceMapping20150331',
  // Has the alarms that it mutes deep in a rule.
  'PutAlarmMuteRule',
  // Whether a text message may be sent: for how much in a month, to which numbers and to which countries.
  'DeleteSMSSandboxPhoneNumber',
  'PutOptedOutNumber',
  'SetAccountDefaultProtectConfiguration',
  'SetSMSAttributes',
  'SetTextMessageSpendLimitOverride',
  'UpdateProtectConfigurationCountryRuleSet',
];
/**
 * A filter policy that matches nothing drops every page while publishing goes on well; a data protection policy can deny or
 * mask it; a permission lets other accounts subscribe, and to take one away can keep alarms from publishing.
 */
const SILENCES_OR_TAPS = [
  'AddPermission',
  'DeleteTopic',
  'PutDataProtectionPolicy',
  'RemovePermission',
  'SetSubscriptionAttributes',
  'SetTopicAttributes',
  'Unsubscribe',
];
/** What CloudTrail has as the address where CloudFormation called. No caller chooses it, as they do the user agent. */
const CLOUDFORMATION = 'cloudformation.amazonaws.com';
/** Of others, and of whatever has no address: it is better told too loudly than not at all. */
const NOT_CLOUDFORMATION = [{ 'anything-but': [CLOUDFORMATION] }, { exists: false }];

/**
 * Whoever deletes or changes Firebreak's own filters, rules, subscriptions, keys, roles, functions or the brake is told on
 * at once: from the default bus straight to the first level, past the detector that may be what was changed.
 *
 * What every deployment calls, and what subscribes a new recipient, goes to the `DeploymentTopic` where CloudFormation calls it; whoever
 * else subscribes would get every page with its links. Told at once whoever does it: what deletes or disables a part, and what changes the rules and the alarm that this exception hangs on.
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
    this.prefix = partPrefix(this);
    const { rule, roleName, functionName, alarmName, topicArn } = this.spellings;
    this.watch('Rules', ['DeleteRule', 'DisableRule', 'RemoveTargets'], { $or: [{ name: rule }, { rule }] });
    // CloudFormation disables with the same call that it makes with.
    this.watch('DisabledRules', ['PutRule'], { name: rule, state: ['DISABLED'] });
    this.watch('Roles', ['DeleteRole', 'DeleteRolePermissionsBoundary', 'DeleteRolePolicy', 'DetachRolePolicy'], {
      roleName,
    });
    // The boundary of what contains, and the policy that denies.
    this.watch('Policies', ['CreatePolicyVersion', 'DeletePolicy', 'DeletePolicyVersion', 'SetDefaultPolicyVersion'], {
      policyArn: [{ wildcard: `arn:*:policy/${this.prefix}*` }],
    });
    this.watch(
      'Functions',
      ['DeleteFunction20150331', 'PutFunctionConcurrency20171031', 'RemovePermission20150331v2'],
      { functionName },
    );
    this.watch('Queues', ['AddPermission', 'DeleteQueue', 'PurgeQueue', 'RemovePermission', 'SetQueueAttributes'], {
      // SQS takes the bare name for a URL.
      queueUrl: this.named('/'),
    });
    this.watch('Tables', ['DeleteTable', 'UpdateTable', 'UpdateTimeToLive'], { tableName: this.named('/') });
    this.watch('Topics', SILENCES_OR_TAPS, {
      $or: [{ topicArn }, { subscriptionArn: topicArn }, { resourceArn: topicArn }],
    });
    this.watchMachines(props.machines);
    this.watch('Alarms', ['DeleteAlarms', 'DisableAlarmActions'], { $or: [{ alarmNames: alarmName }, { alarmName }] });
    this.tell(
      'AccountWide',
      props.alarmTopic,
      'somebody changed an event source, an alarm mute or how text messages are sent in this account',
      // A call that was refused changed nothing; anybody could make thousands, and spend the text messages that pages go by.
      { eventName: ACCOUNT_WIDE, errorCode: [{ exists: false }] },
    );
    this.watch('Key', ['DisableKey', 'PutKeyPolicy', 'ScheduleKeyDeletion'], {
      keyId: [props.encryptionKey.keyId, props.encryptionKey.keyArn],
    });
    this.watch('Brake', ['DeleteParameter', 'DeleteParameters', 'PutParameter'], {
      // With a slash before it or an ARN, too.
      $or: [{ name: [{ suffix: props.brakeParameterName }] }, { names: [{ suffix: props.brakeParameterName }] }],
    });
    for (const [number, logGroupName] of this.filterGroups()) {
      this.watch('Filters', ['DeleteLogGroup', 'DeleteSubscriptionFilter'], { logGroupName }, number);
    }
    this.watchDeployments();
  }

  /**
   * How a call may name a part: by name, with whatever follows it, or by something that ends in the name. Lambda takes
   * `function:name`, `account:function:name` and a whole ARN; DynamoDB an ARN; SQS a URL. One wildcard to a field: EventBridge
   * refuses a rule as too complex that has more than two or three.
   */
  private named(separator: ':' | '/'): object[] {
    return [{ prefix: this.prefix }, { wildcard: `*${separator}${this.prefix}*` }];
  }

  /** Of parts that both watches know, by the parameter. */
  private get spellings() {
    return {
      // EventBridge takes nothing but the name.
      rule: [{ prefix: this.prefix }],
      // So does IAM, which does not tell names apart by case.
      roleName: [{ prefix: { 'equals-ignore-case': this.prefix } }],
      functionName: this.named(':'),
      alarmName: this.named(':'),
      // Of a subscription, too.
      topicArn: [{ wildcard: `*:${this.prefix}*` }],
    };
  }

  private filterGroups(): [string, string[]][] {
    const sizeOf = (name: string) => (Token.isUnresolved(name) ? LOG_GROUP_NAME : name.length + 3);
    return inGroups(this.props.logGroupNames, sizeOf);
  }

  /** In as few rules as may be: which part it was stands in the call. */
  private watchDeployments(): void {
    const { Rules, Roles, Functions, Alarms, Machines, Filters, Topics } = DEPLOYED;
    const { rule, roleName, functionName, alarmName, topicArn } = this.spellings;
    const watches = [
      this.deployed('Parts', [...Rules, ...Roles, ...Functions, ...Alarms, ...Topics], {
        $or: [{ name: rule }, { rule }, { roleName }, { functionName }, { alarmName }, { topicArn }],
      }),
      ...inGroups(this.props.machines, () => MACHINE_ARN).map(([number, some]) => {
        const stateMachineArn = some.map((machine) => ({ prefix: machine.stateMachineArn }));
        return this.deployed(`Machines${number}`, Machines, { stateMachineArn });
      }),
      ...this.filterGroups().map(([number, logGroupName]) =>
        this.deployed(`Filters${number}`, Filters, { logGroupName }),
      ),
    ];
    const names = watches.map(({ ruleName }) => ruleName);
    // Or one deployment could end what tells of deployments, and the next would go unseen.
    this.tell('DeploymentWatch', this.props.alarmTopic, `somebody changed what tells of Firebreak's deployments`, {
      eventName: [...Rules, ...Alarms],
      requestParameters: {
        $or: [{ name: names }, { rule: names }, { alarmName: [this.props.deployments.alarm.alarmName] }],
      },
    });
  }

  /**
   * CloudFormation does not name state machines after their stack, so they are listed. By prefix, since a version or an alias
   * may follow, and too many wildcards for one field would be refused.
   */
  private watchMachines(machines: readonly StateMachine[]): void {
    for (const [number, some] of inGroups(machines, () => MACHINE)) {
      const stateMachineArn = some.map((machine) => ({ prefix: machine.stateMachineArn }));
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
  private watch(parts: string, ends: readonly string[], requestParameters: object, number = ''): void {
    const deployed = Object.entries(DEPLOYED).find(([name]) => name === parts)?.[1];
    const byOthers = { eventName: deployed, sourceIPAddress: NOT_CLOUDFORMATION };
    this.tell(`${parts}${number}`, this.props.alarmTopic, `somebody changed Firebreak's own ${wordsOf(parts)}`, {
      ...(deployed ? { $or: [{ eventName: ends }, byOthers] } : { eventName: ends }),
      requestParameters,
    });
  }

  private deployed(id: string, eventName: readonly string[], requestParameters: object): Rule {
    return this.tell(`Deployed${id}`, this.props.deployments.topic, "CloudFormation changed Firebreak's own parts", {
      eventName,
      sourceIPAddress: [CLOUDFORMATION],
      requestParameters,
    });
  }

  private tell(id: string, topic: ITopic, what: string, detail: Record<string, unknown>): Rule {
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
    return rule;
  }
}

/** `disabled rules`, from `DisabledRules`. */
function wordsOf(id: string): string {
  return id.replaceAll(/(?<=[a-z])[A-Z]/g, ' $&').toLowerCase();
}
