import type { ITopicSubscription } from 'aws-cdk-lib/aws-sns';
import { SmsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { ChannelTarget } from '../../model/recipient';
import { checkPhoneNumber, maskedNumber } from '../recipient-address';
import type { RecipientScope } from '../recipient-scope';
import type { Channel } from './channel';

/** A phone, by SMS. */
export class SmsChannel implements Channel {
  public readonly kind = 'sms';
  public readonly label: string;
  public readonly key: string;

  constructor(private readonly phoneNumber: string) {
    this.key = checkPhoneNumber(phoneNumber);
    this.label = maskedNumber(phoneNumber);
  }

  public bind(scope: RecipientScope, id: string): ChannelTarget {
    scope.grantSms();
    return { kind: this.kind, id, label: this.label, phoneNumber: this.phoneNumber };
  }

  public subscription(deadLetterQueue: IQueue): ITopicSubscription {
    const subscription = new SmsSubscription(this.phoneNumber);
    // The CDK leaves out the dead-letter queue of this one kind (2.276.0).
    return { bind: (topic) => ({ ...subscription.bind(topic), deadLetterQueue }) };
  }
}
