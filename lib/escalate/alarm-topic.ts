import { Duration, Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { allowPublish, allowRules } from '../allow-rules';
import { DeadLetterQueue } from '../dead-letter-queue';
import { exerciseEnvironment } from '../exercise';
import { FirebreakFunction } from '../firebreak-function';
import type { Recipient } from './recipient';
import { RecipientScope } from './recipient-scope';

export interface AlarmTopicProps {
  readonly chain: string;
  readonly recipients: readonly Recipient[];
  readonly encryptionKey: IKey;
  readonly deadLetterQueue: Queue;
  /** What is rehearsed: alarms that are passed on say so. */
  readonly exercise?: string;
}

/**
 * A topic to which a chain's first level is subscribed. What is published to it reaches them without an incident and
 * without the store: failures of Firebreak itself, and changes of its parts.
 *
 * E-mail, SMS and queues are subscribed straight to it. Webhooks, pagers and other topics, which SNS cannot reach in
 * a form that they take, get it from a small Lambda, which is made only where there are some.
 */
export class AlarmTopic extends Construct {
  public readonly topic: Topic;
  /** Where alarms lie that the Lambda could not pass on. */
  public readonly relayDeadLetterQueue?: Queue;

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { masterKey: props.encryptionKey, enforceSSL: true });
    this.allowAlarms(props.encryptionKey);
    allowRules(this.topic, props.encryptionKey);
    // A channel that several people share is told once.
    const channels = new Map(
      props.recipients
        .flatMap(({ _channels }) => _channels)
        .map((channel) => [`${channel._kind} ${channel._key}`, channel]),
    );
    const relayed = [...channels.values()].filter((recipient) => {
      const subscription = recipient._subscription(props.deadLetterQueue);
      if (subscription) this.topic.addSubscription(subscription);
      return subscription === undefined;
    });
    if (relayed.length > 0) this.relayDeadLetterQueue = this.relay(relayed, props);
  }

  /** Alarms of this account may publish, which an encrypted topic needs the key for. */
  private allowAlarms(key: IKey): void {
    const alarms = new ServicePrincipal('cloudwatch.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
    });
    allowPublish(this.topic, alarms);
    key.grant(alarms, 'kms:GenerateDataKey*', 'kms:Decrypt');
  }

  private relay(recipients: readonly Recipient[], props: AlarmTopicProps): Queue {
    const deadLetterQueue = new DeadLetterQueue(this, 'RelayDeadLetters');
    const relay = new FirebreakFunction(this, 'Relay', {
      bundle: 'escalate/relay',
      description: `Passes alarms on to the webhooks, pagers and topics of the first level of '${props.chain}'`,
      timeout: Duration.minutes(1),
      environment: exerciseEnvironment(props.exercise),
      deadLetterQueue,
    });
    const recipientScope = new RecipientScope(this, {
      senders: [relay],
      enders: [],
      encryptionKey: props.encryptionKey,
      deadLetterQueue,
    });
    const targets = recipients.map((recipient) => recipient._bind(recipientScope));
    relay.addEnvironment('RECIPIENTS', Stack.of(this).toJsonString(targets));
    this.topic.addSubscription(new LambdaSubscription(relay, { deadLetterQueue }));
    return deadLetterQueue;
  }
}
