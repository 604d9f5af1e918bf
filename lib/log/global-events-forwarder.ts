import { Duration, Stack, Token } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { EventBus, Match, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus as EventBusTarget } from 'aws-cdk-lib/aws-events-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DeadLetterQueue } from '../dead-letter-queue';
import { CLOUDTRAIL_DETAIL_TYPES, GLOBAL_REGION } from './detail-types';

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

export interface GlobalEventsForwarderProps {
  /** The Region in which the detector is, e.g. `eu-central-1`. */
  readonly homeRegion: string;
}

/**
 * Brings the CloudTrail events of global services (IAM, STS, sign-in …), which arrive in us-east-1 only, to the
 * default bus of the home Region. Belongs into a stack in us-east-1 of the same account.
 */
export class GlobalEventsForwarder extends Construct {
  /** Events that could not be forwarded. */
  public readonly deadLetterQueue: Queue;
  /**
   * In alarm while events lie in the dead-letter queue. It tells nobody by itself: an alarm reaches topics of its own
   * Region only, and the chains are in another. Give it an action, or look at it with `firebreak doctor`.
   */
  public readonly deadLetterAlarm: Alarm;
  public readonly homeRegion: string;

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
    const arn = `arn:${partition}:events:${props.homeRegion}:${account}:event-bus/default`;
    const rule = new Rule(this, 'Rule', {
      description: `Firebreak: events of global services to ${props.homeRegion}`,
      eventPattern: {
        source: Match.prefix('aws.'),
        detailType: CLOUDTRAIL_DETAIL_TYPES,
        detail: { eventSource: GLOBAL_SERVICES },
      },
    });
    rule.addTarget(
      new EventBusTarget(EventBus.fromEventBusArn(this, 'HomeBus', arn), { deadLetterQueue: this.deadLetterQueue }),
    );
  }
}
