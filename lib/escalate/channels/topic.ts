import { Names } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { ChannelTarget } from '../../model/recipient';
import type { RecipientScope } from '../recipient-scope';
import type { Channel } from './channel';

/** A topic of the user's, which takes pages as JSON. */
export class TopicChannel implements Channel {
  public readonly kind = 'topic';
  public readonly label: string;

  constructor(private readonly topic: ITopic) {
    this.label = `topic ${topic.node.id}`;
  }

  public get key(): string {
    return Names.nodeUniqueId(this.topic.node);
  }

  public bind(scope: RecipientScope, id: string): ChannelTarget {
    scope.grantPublish(this.topic);
    return { kind: this.kind, id, label: this.label, topicArn: this.topic.topicArn };
  }
}
