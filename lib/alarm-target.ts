import type { IRule, IRuleTarget, RuleTargetConfig, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

export interface AlarmTargetProps {
  readonly alarmTopic: ITopic;
  /** Where what could not be delivered goes. */
  readonly deadLetterQueue: IQueue;
  readonly input: RuleTargetInput;
}

/**
 * A chain's alarm topic as the target of a rule. The CDK's own target would let EventBridge of every account use the
 * key; the topic allows EventBridge already, for as little as works.
 */
export class AlarmTarget implements IRuleTarget {
  constructor(private readonly props: AlarmTargetProps) {}

  public bind(rule: IRule): RuleTargetConfig {
    const { alarmTopic, deadLetterQueue, input } = this.props;
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
      input,
      targetResource: alarmTopic,
    };
  }
}
