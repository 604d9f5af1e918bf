import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { type IEventBus, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { canaryPlaceOf } from './canary-rule';
import { explainWildcard } from './explain-wildcard';
import { FirebreakFunction } from './firebreak-function';
import { CANARY_PASSED, METRICS } from './model/metrics';
import { CANARY_DETAIL_TYPE, EVENT_SOURCE } from './report/published-event';
import type { IncidentStore } from './triage/incident-store';

export interface CanaryProps {
  readonly store: IncidentStore;
  /** Where the publisher says that a canary came to the end. */
  readonly bus: IEventBus;
  /** Where failed runs go. */
  readonly deadLetterQueue: IQueue;
}

const EVERY = Duration.minutes(30);
/** Of three canaries one must come through: CloudTrail delivers to log groups late, and now and then very late. */
const SILENT_PERIODS = 3;

/**
 * Sends an event through the whole chain every 30 minutes and makes a metric only when it came out at the end. The
 * metric's absence for 90 minutes is an alarm that needs nothing of Firebreak to be alive. After the first deployment it
 * is in alarm until the first canary came through.
 */
export class Canary extends Construct {
  public readonly handler: FirebreakFunction;
  /** A dead man's switch; leads to people once it is given an action. */
  public readonly alarm: Alarm;

  constructor(scope: Construct, id: string, props: CanaryProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const place = canaryPlaceOf(this);
    this.handler = new FirebreakFunction(this, 'Function', {
      bundle: 'report/canary',
      description: 'Sends a harmless event through the whole chain, and counts those that come out',
      timeout: Duration.minutes(1),
      environment: {
        INCIDENT_TABLE: props.store.table.tableName,
        STACK_NAME: stack.stackName,
        CANARY_PLACE: place,
      },
      deadLetterQueue: props.deadLetterQueue,
    });
    props.store.grantAppend(this.handler, { partitions: ['CANARY#*', 'CANARIES'] });
    const names = stack.formatArn({
      service: 'ssm',
      resource: 'parameter',
      resourceName: `${place.slice(1)}*`,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    this.handler.addToRolePolicy(new PolicyStatement({ actions: ['ssm:DeleteParameter'], resources: [names] }));
    explainWildcard(this.handler, names, 'Names of canaries are random, and no parameter is ever there');
    new Rule(this, 'Every', {
      description: 'Firebreak: sends a canary',
      schedule: Schedule.rate(EVERY),
      targets: [new LambdaFunction(this.handler, { deadLetterQueue: props.deadLetterQueue })],
    });
    new Rule(this, 'Arrived', {
      description: 'Firebreak: a canary came to the end of the chain',
      eventBus: props.bus,
      eventPattern: { source: [EVENT_SOURCE], detailType: [CANARY_DETAIL_TYPE] },
      targets: [new LambdaFunction(this.handler, { deadLetterQueue: props.deadLetterQueue })],
    });
    this.alarm = new Alarm(this, 'Silent', {
      alarmDescription:
        'Firebreak: no canary came through the chain for 90 minutes: an attack might not be noticed either; firebreak doctor',
      metric: new Metric({
        namespace: METRICS,
        metricName: CANARY_PASSED,
        dimensionsMap: { Stack: stack.stackName },
        statistic: 'Sum',
        period: EVERY,
      }),
      threshold: 1,
      evaluationPeriods: SILENT_PERIODS,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.BREACHING,
    });
  }
}
