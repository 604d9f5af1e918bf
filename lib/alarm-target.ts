import { type IRule, type IRuleTarget, type RuleTargetConfig, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { markExercise } from './model/exercise';

export interface AlarmTargetProps {
  readonly alarmTopic: ITopic;
  /** Where what could not be delivered goes. */
  readonly deadLetterQueue: IQueue;
  /** What people read; may hold fields of the event. */
  readonly text: string;
  /** What is rehearsed: the alarm says that something is. */
  readonly exercise?: string;
}

/**
 * A chain's alarm topic, or the deployment topic, as the target of a rule. The CDK's own target would let EventBridge of every account use the
 * key; the topics allow EventBridge already, for as little as works.
 */
export class AlarmTarget implements IRuleTarget {
  constructor(private readonly props: AlarmTargetProps) {}

  public bind(rule: IRule): RuleTargetConfig {
    const { alarmTopic, deadLetterQueue, text, exercise } = this.props;
    deadLetterQueue.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [deadLetterQueue.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleArn } },
      }),
    );
    return {
      arn: alarmTopic.topicArn,
      deadLetterConfig: { arn: deadLetterQueue.queueArn },
      input: RuleTargetInput.fromText(markExercise(text, exercise)),
      targetResource: alarmTopic,
    };
  }
}
