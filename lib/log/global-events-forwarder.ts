import { Duration, Stack, Token } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { EventBus, type EventPattern, type IEventBus, Match, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus as EventBusTarget } from 'aws-cdk-lib/aws-events-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DeadLetterQueue } from '../dead-letter-queue';
import { RuleSet } from '../detect/rule-set';
import { partPrefix } from '../part-prefix';
import { eventBridgeDetail, MAX_EVENT_PATTERN } from '../sigma/prefilter';
import { ALARM_DETAIL_TYPE, CLOUDTRAIL_DETAIL_TYPES, GLOBAL_REGION } from './detail-types';
import { withReads } from './with-reads';

/** Source: CloudTrail user guide, "About global service events", and the services whose only endpoint is there. */
const GLOBAL_SERVICES = [
  'iam',
  'sts',
  'signin',
  'organizations',
  'account',
  'route53',
  'route53domains',
  'cloudfront',
].map((service) => `${service}.amazonaws.com`);
/** Characters of a pattern that stand around what the rules look for: services, detail types and what CDK adds. */
const AROUND = 500;

export interface GlobalEventsForwarderProps {
  /** The Region in which the detector is, e.g. `eu-central-1`. */
  readonly homeRegion: string;
  /**
   * What the detector looks for: of calls that only read, no others are forwarded.
   *
   * @default - the rules that come with Firebreak
   */
  readonly rules?: RuleSet;
  /**
   * Whether calls that only read are forwarded, as `CloudTrailEventOptions.reads` says.
   *
   * @default true
   */
  readonly reads?: boolean;
}

/**
 * Brings the CloudTrail events of global services (IAM, STS, sign-in …), which arrive in us-east-1 only, to the
 * default bus of the home Region. Belongs into a stack in us-east-1 of the same account.
 *
 * Whoever changes its own parts is told on at home, as of all parts of Firebreak, where the name of its stack begins with that of the
 * home stack: each of its rules brings what is done to the others. So does an alarm that rings here, which reaches
 * no topic of another Region.
 */
export class GlobalEventsForwarder extends Construct {
  /** Events that could not be forwarded. */
  public readonly deadLetterQueue: Queue;
  /** In alarm while events lie in the dead-letter queue; the home stack tells the first level. */
  public readonly deadLetterAlarm: Alarm;
  public readonly homeRegion: string;
  private readonly homeBus: IEventBus;

  constructor(scope: Construct, id: string, props: GlobalEventsForwarderProps) {
    super(scope, id);
    const { region, account, partition } = Stack.of(this);
    if (!Token.isUnresolved(region) && region !== GLOBAL_REGION) {
      throw new Error(
        `'${this.node.path}' must be in a stack in ${GLOBAL_REGION}, where global events arrive, got ${region}; set the stack's env`,
      );
    }
    if (props.homeRegion === GLOBAL_REGION) {
      throw new Error(
        `'homeRegion' of '${this.node.path}' is ${GLOBAL_REGION}, where these events arrive anyway; leave the forwarder out`,
      );
    }
    this.homeRegion = props.homeRegion;
    const arn = `arn:${partition}:events:${props.homeRegion}:${account}:event-bus/default`;
    this.homeBus = EventBus.fromEventBusArn(this, 'HomeBus', arn);
    this.deadLetterQueue = new DeadLetterQueue(this, 'DeadLetterQueue');
    this.deadLetterAlarm = new Alarm(this, 'DeadLetters', {
      alarmDescription: `Firebreak: events of global services were not forwarded to ${props.homeRegion}`,
      metric: this.deadLetterQueue.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    this.forward('Rule', 'events of global services', calls({ $or: [{ eventSource: GLOBAL_SERVICES }, ...this.own] }));
    this.forward('Alarms', 'alarms of its own', {
      source: ['aws.cloudwatch'],
      detailType: [ALARM_DETAIL_TYPE],
      resources: [this.deadLetterAlarm.alarmArn],
    });
    // Or whoever ends the first rule would end what tells of it.
    this.forward('OwnParts', 'changes of its own parts', calls({ $or: this.own }));
    if (props.reads !== false) this.forwardReads(props.rules ?? RuleSet.builtIn());
  }

  /** Not all of them: each role that a service takes is one, and each policy that a console shows. */
  private forwardReads(rules: RuleSet): void {
    const wanted = eventBridgeDetail(rules._program, MAX_EVENT_PATTERN - AROUND);
    const detail = { eventSource: GLOBAL_SERVICES, readOnly: [true], ...wanted };
    withReads(this.forward('Reads', 'calls of global services that only read', calls(detail)));
  }

  /** What is done to the parts of this stack, by their names; those of IAM are global anyway. */
  private get own(): object[] {
    const name = [{ prefix: partPrefix(this) }];
    const within = [...name, { wildcard: `*:${partPrefix(this)}*` }];
    return [
      { eventSource: ['events.amazonaws.com'], requestParameters: { $or: [{ name }, { rule: name }] } },
      {
        eventSource: ['sqs.amazonaws.com'],
        requestParameters: { queueUrl: [...name, { wildcard: `*/${partPrefix(this)}*` }] },
      },
      {
        eventSource: ['monitoring.amazonaws.com'],
        requestParameters: { $or: [{ alarmName: within }, { alarmNames: within }] },
      },
    ];
  }

  private forward(id: string, what: string, eventPattern: EventPattern): Rule {
    const rule = new Rule(this, id, { description: `Firebreak: ${what} to ${this.homeRegion}`, eventPattern });
    rule.addTarget(new EventBusTarget(this.homeBus, { deadLetterQueue: this.deadLetterQueue }));
    return rule;
  }
}

function calls(detail: Record<string, unknown>): EventPattern {
  return { source: Match.prefix('aws.'), detailType: CLOUDTRAIL_DETAIL_TYPES, detail };
}
