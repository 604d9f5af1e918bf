import { Stack } from 'aws-cdk-lib';
import { Effect, type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { type ITopic, type ITopicSubscription, Topic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { explainActions } from '../explain-wildcard';

export interface RecipientScopeProps {
  /** Whose role sends; several where pages, ends and alarms are sent by different Lambdas. */
  readonly senders: readonly IGrantable[];
  /** Reads the secrets of pagers, to tell them that somebody answered. */
  readonly enders: readonly IGrantable[];
  readonly encryptionKey: IKey;
  readonly deadLetterQueue: IQueue;
}

/** What recipients use to create and grant what pages need. Internal: recipients are the only ones to see it. */
export class RecipientScope {
  /** Every topic that was made; `firebreak doctor` looks at their subscriptions. */
  public get topics(): ITopic[] {
    return [...this.byRecipient.values()];
  }

  private readonly byRecipient = new Map<string, ITopic>();

  constructor(
    private readonly scope: Construct,
    private readonly props: RecipientScopeProps,
  ) {}

  public get deadLetterQueue(): IQueue {
    return this.props.deadLetterQueue;
  }

  /** The topic of one recipient: levels that share a recipient share it, so that one confirmation is enough. */
  public topicOf(recipientId: string, subscription: ITopicSubscription): ITopic {
    const existing = this.byRecipient.get(recipientId);
    if (existing) return existing;
    const topic = new Topic(this.scope, `Topic-${recipientId}`, {
      masterKey: this.props.encryptionKey,
      enforceSSL: true,
    });
    topic.addSubscription(subscription);
    this.byRecipient.set(recipientId, topic);
    return topic;
  }

  public grantPublish(topic: ITopic): void {
    for (const sender of this.props.senders) {
      topic.grantPublish(sender);
      grantKeyForPublishing(this.props.encryptionKey, sender);
    }
  }

  /**
   * SNS takes a phone number where it otherwise takes a topic, and a number has no ARN: everything but topics.
   */
  public grantSms(): void {
    for (const sender of this.props.senders) {
      sender.grantPrincipal.addToPrincipalPolicy(
        new PolicyStatement({
          sid: 'SendSms',
          effect: Effect.ALLOW,
          actions: ['sns:Publish'],
          notResources: [`arn:${Stack.of(this.scope).partition}:sns:*:*:*`],
        }),
      );
    }
  }

  public grantSend(queue: IQueue): void {
    for (const sender of this.props.senders) queue.grantSendMessages(sender);
  }

  public grantSecret(secret: ISecret): void {
    for (const sender of this.props.senders) secret.grantRead(sender);
  }

  /** For pagers that are told when somebody answered. */
  public grantSecretToEnders(secret: ISecret): void {
    for (const ender of this.props.enders) secret.grantRead(ender);
  }
}

/** Publishing to an encrypted topic needs these two on its key. */
export function grantKeyForPublishing(key: IKey, grantee: IGrantable): void {
  explainActions(
    grantee,
    'kms:GenerateDataKey*',
    'SNS asks publishers for it (Developer Guide, "Key management"), on one key',
  );
  key.grant(grantee, 'kms:GenerateDataKey*', 'kms:Decrypt');
}
