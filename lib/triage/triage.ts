import { Aws, Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ownRoles } from '../contain/own-resources';
import { DeadLetterQueue } from '../dead-letter-queue';
import { FirebreakFunction } from '../firebreak-function';
import type { AlertQueue } from './alert-queue';
import { TRIAGE_TIMEOUT } from './triage-timeout';
import { grantHandOver, handOverEnvironment, type HandOverTargets } from './hand-over';
import { StoreList, type IncidentStore } from './incident-store';

export interface TriageProps {
  readonly alerts: AlertQueue;
  readonly store: IncidentStore;
  readonly targets: HandOverTargets;
  /** The text of `settings.js`, written beside the bundle. */
  readonly settings: string;
}

/** A flood of alerts must neither take the account's workers nor fight for one incident. SQS keeps what waits. */
const MAX_CONCURRENCY = 5;

/** Alerts become incidents; a reconciler resumes what a crash left undone. */
export class Triage extends Construct {
  public readonly triageFunction: FirebreakFunction;
  public readonly reconcilerFunction: FirebreakFunction;
  /** Failed runs of the reconciler's schedule. */
  public readonly deadLetterQueue: Queue;
  /** Goes off where a hand-over stays pending over several runs of the reconciler. */
  public readonly pendingAlarm: Alarm;
  /** Goes off where alerts wait: triage is throttled, or somebody took the queue from it. */
  public readonly waitingAlarm: Alarm;

  constructor(scope: Construct, id: string, props: TriageProps) {
    super(scope, id);
    const environment = {
      INCIDENT_TABLE: props.store.table.tableName,
      HOME_ACCOUNT: Stack.of(this).account,
      ...handOverEnvironment(this, props.targets),
    };
    this.triageFunction = new FirebreakFunction(this, 'Function', {
      bundle: 'triage/triage',
      description: 'Puts alerts into incidents and starts containment and escalation',
      timeout: TRIAGE_TIMEOUT,
      environment: {
        ...environment,
        OWN_ROLES: Stack.of(this).toJsonString(
          ownRoles(Stack.of(this)).map((arn) => arn.replace(`arn:${Aws.PARTITION}:`, 'arn:*:')),
        ),
      },
      files: { 'settings.js': props.settings },
    });
    this.triageFunction.addEventSource(
      new SqsEventSource(props.alerts.queue, {
        batchSize: 10,
        maxConcurrency: MAX_CONCURRENCY,
        reportBatchItemFailures: true,
      }),
    );
    this.deadLetterQueue = new DeadLetterQueue(this, 'ReconcilerDeadLetterQueue');
    this.reconcilerFunction = new FirebreakFunction(this, 'Reconciler', {
      bundle: 'triage/reconciler',
      description: 'Resumes hand-overs that were not finished',
      timeout: Duration.minutes(5),
      environment: { ...environment, STACK_NAME: Stack.of(this).stackName },
      deadLetterQueue: this.deadLetterQueue,
    });
    for (const handler of [this.triageFunction, this.reconcilerFunction]) {
      props.store.grantAppend(handler);
      grantHandOver(handler, props.targets);
    }
    props.store.grantList(this.reconcilerFunction, StoreList.PENDING);
    props.store.grantList(this.reconcilerFunction, StoreList.WORK);
    new Rule(this, 'ReconcilerSchedule', {
      description: 'Firebreak: resumes hand-overs that were not finished',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(this.reconcilerFunction, { deadLetterQueue: this.deadLetterQueue })],
    });
    this.pendingAlarm = new Alarm(this, 'PendingAlarm', {
      alarmDescription: 'Firebreak: an incident was not handed over to containment or escalation for five minutes',
      metric: new Metric({
        namespace: 'Firebreak',
        metricName: 'PendingHandOvers',
        dimensionsMap: { Stack: Stack.of(this).stackName },
        statistic: 'Maximum',
        period: Duration.minutes(1),
      }),
      threshold: 1,
      evaluationPeriods: 5,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      // The reconciler writes a value every minute: silence means that it is dead.
      treatMissingData: TreatMissingData.BREACHING,
    });
    this.waitingAlarm = new Alarm(this, 'WaitingAlarm', {
      alarmDescription: 'Firebreak: alerts wait for triage for more than five minutes',
      metric: props.alerts.queue.metricApproximateAgeOfOldestMessage({
        statistic: 'Maximum',
        period: Duration.minutes(1),
      }),
      threshold: Duration.minutes(5).toSeconds(),
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
