import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { ITopicSubscription } from 'aws-cdk-lib/aws-sns';
import type { ChannelTarget } from '../../model/recipient';
import type { RecipientScope } from '../recipient-scope';

/** One way to reach somebody. */
export interface Channel {
  readonly kind: ChannelTarget['kind'];
  /** Says who, without the address: for messages and timelines. */
  readonly label: string;
  /** Tells recipients apart; the same for the same address. */
  readonly key: string;
  /** Creates what pages need, and grants it to who sends them. `id` is part of the ids of pages. */
  bind(scope: RecipientScope, id: string): ChannelTarget;
  /** Left out where SNS cannot reach it by itself. */
  subscription?(deadLetterQueue: IQueue): ITopicSubscription;
}
