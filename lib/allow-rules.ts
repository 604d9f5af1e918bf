import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Topic } from 'aws-cdk-lib/aws-sns';

/**
 * Lets rules publish to an encrypted topic. EventBridge does so only where neither policy asks for `aws:SourceAccount` or
 * `aws:SourceArn` (SNS Developer Guide, "Key management"). What SNS itself says to KMS can be asked for: the key serves
 * topics of this account and no others.
 */
export function allowRules(topic: Topic, key: IKey): void {
  allowPublish(topic, new ServicePrincipal('events.amazonaws.com'));
  const topics = Stack.of(topic).formatArn({ service: 'sns', resource: '*' });
  key.grant(
    new ServicePrincipal('events.amazonaws.com', {
      conditions: { StringLike: { 'kms:EncryptionContext:aws:sns:topicArn': topics } },
    }),
    'kms:GenerateDataKey*',
    'kms:Decrypt',
  );
}

/** By hand: `grantPublish` would give the key away without any condition. */
export function allowPublish(topic: Topic, service: ServicePrincipal): void {
  topic.addToResourcePolicy(
    new PolicyStatement({ principals: [service], actions: ['sns:Publish'], resources: [topic.topicArn] }),
  );
}
