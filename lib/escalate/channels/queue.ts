import { Names } from 'aws-cdk-lib';
import type { ITopicSubscription } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { ChannelTarget } from '../../model/recipient';
import type { RecipientScope } from '../recipient-scope';
import type { Channel } from './channel';

/** A queue of the user's, which takes pages as JSON. */
export class QueueChannel implements Channel {
  public readonly kind = 'queue';
  public readonly label: string;

  constructor(private readonly queue: IQueue) {
    this.label = `queue ${queue.node.id}`;
  }

  public get key(): string {
    return Names.nodeUniqueId(this.queue.node);
  }

  public bind(scope: RecipientScope, id: string): ChannelTarget {
    scope.grantSend(this.queue);
    return { kind: this.kind, id, label: this.label, queueUrl: this.queue.queueUrl };
  }

  public subscription(deadLetterQueue: IQueue): ITopicSubscription {
    return new SqsSubscription(this.queue, { rawMessageDelivery: true, deadLetterQueue });
  }
}
