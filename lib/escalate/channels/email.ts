import { Token } from 'aws-cdk-lib';
import type { ITopicSubscription } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { ChannelTarget } from '../../model/recipient';
import { checkEmail, maskedEmail } from '../recipient-address';
import type { RecipientScope } from '../recipient-scope';
import type { Channel } from './channel';

/** An e-mail address, through an SNS topic of its own. */
export class EmailChannel implements Channel {
  public readonly kind = 'email';
  public readonly label: string;

  constructor(private readonly address: string) {
    checkEmail(address);
    this.label = maskedEmail(address);
  }

  public get key(): string {
    return Token.isUnresolved(this.address) ? this.address : this.address.toLowerCase();
  }

  public bind(scope: RecipientScope, id: string): ChannelTarget {
    const topic = scope.topicOf(id, this.subscription(scope.deadLetterQueue));
    scope.grantPublish(topic);
    return { kind: this.kind, id, label: this.label, topicArn: topic.topicArn };
  }

  public subscription(deadLetterQueue: IQueue): ITopicSubscription {
    return new EmailSubscription(this.address, { deadLetterQueue });
  }
}
