import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { FirebreakFunction } from '../firebreak-function';
import { AUDITOR_RAN, DEAF_TOPICS, ESCALATION_METRICS, STALLED, UNANSWERED } from '../model/metrics';
import { grantHandOver, handOverEnvironment } from '../triage/hand-over';
import { StoreList, type IncidentStore } from '../triage/incident-store';
import type { EscalationChain } from './escalation-chain';

export interface EscalationAuditorProps {
  readonly store: IncidentStore;
  /** The first one is the default chain. */
  readonly chains: EscalationChain[];
  /** Where failed runs of its schedule go. */
  readonly deadLetterQueue: IQueue;
}

const EVERY = Duration.minutes(5);

/**
 * Looks every 5 minutes whether each open incident advances as its chain says, and whether the people of the chains
 * can be reached at all. It shares nothing with the chains but the store, and its alarms come from CloudWatch alone.
 */
export class EscalationAuditor extends Construct {
  public readonly handler: FirebreakFunction;
  /** Each leads to people by a path without any Lambda, once it is given an action. */
  public readonly alarms: Alarm[];

  constructor(scope: Construct, id: string, props: EscalationAuditorProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const targets = {
      chains: Object.fromEntries(props.chains.map((chain) => [chain.chainName, chain.machine])),
      defaultChain: props.chains[0]?.chainName ?? '',
      runbooks: {},
    };
    const topics = props.chains.flatMap((chain) => chain.topics.map(({ topicArn }) => topicArn));
    this.handler = new FirebreakFunction(this, 'Function', {
      bundle: 'escalate/auditor',
      description: 'Proves that every open incident advances as its escalation chain says',
      timeout: Duration.minutes(4),
      environment: {
        INCIDENT_TABLE: props.store.table.tableName,
        STACK_NAME: stack.stackName,
        TOPICS: stack.toJsonString(topics),
        WATCHED_CHAINS: JSON.stringify(
          props.chains.filter(({ _watchesSilence }) => _watchesSilence).map(({ chainName }) => chainName),
        ),
        LONGEST_STEP_SECONDS: String(Math.max(...props.chains.map(({ _longestStep }) => _longestStep))),
        ...handOverEnvironment(this, targets),
      },
      deadLetterQueue: props.deadLetterQueue,
    });
    props.store.grantAppend(this.handler, { partitions: ['INCIDENT#*'] });
    props.store.grantList(this.handler, StoreList.STATUS);
    grantHandOver(this.handler, targets);
    // SNS asks about a subscription by the ARN of its topic.
    const actions = ['sns:GetSubscriptionAttributes', 'sns:ListSubscriptionsByTopic'];
    this.handler.addToRolePolicy(new PolicyStatement({ actions, resources: topics }));
    new Rule(this, 'Every', {
      description: 'Firebreak: looks whether escalations advance',
      schedule: Schedule.rate(EVERY),
      targets: [new LambdaFunction(this.handler, { deadLetterQueue: props.deadLetterQueue })],
    });
    this.alarms = [
      this.alarm('Stalled', STALLED, 'an escalation stood still and was begun anew; look at its incident'),
      this.alarm('Unanswered', UNANSWERED, 'an open incident was answered by nobody at any level'),
      this.alarm(
        'Deaf',
        DEAF_TOPICS,
        'an e-mail or SMS subscription is unconfirmed, filtered or gone: firebreak doctor',
      ),
      this.silent(),
    ];
  }

  private metric(metricName: string, statistic: string, period: Duration): Metric {
    return new Metric({
      namespace: ESCALATION_METRICS,
      metricName,
      dimensionsMap: { Stack: Stack.of(this).stackName },
      statistic,
      period,
    });
  }

  private alarm(id: string, metricName: string, what: string): Alarm {
    return new Alarm(this, id, {
      alarmDescription: `Firebreak: ${what}`,
      metric: this.metric(metricName, 'Maximum', EVERY),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }

  /** A dead man's switch: whoever looks after the others says so, or somebody is told. */
  private silent(): Alarm {
    return new Alarm(this, 'Silent', {
      alarmDescription: 'Firebreak: nobody looks whether escalations advance: the auditor did not run for 15 minutes',
      metric: this.metric(AUDITOR_RAN, 'Sum', EVERY),
      threshold: 1,
      evaluationPeriods: 3,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.BREACHING,
    });
  }
}
