import { paginateListSubscriptionsByTopic, SNSClient, type Subscription } from '@aws-sdk/client-sns';
import { filteredOf } from '../../shared/filtered-subscriptions';

let sns: SNSClient | undefined;

/**
 * Topics of which nobody would hear: a subscription that was never confirmed, or that has vanished, as one does whose
 * unsubscribe link a mail scanner followed, or that somebody gave a filter policy.
 */
export async function deafTopics(topics: readonly string[], client = (sns ??= new SNSClient({}))): Promise<string[]> {
  const deaf = await Promise.all(
    topics.map(async (TopicArn) => {
      const all: Subscription[] = [];
      for await (const { Subscriptions } of paginateListSubscriptionsByTopic({ client }, { TopicArn })) {
        all.push(...(Subscriptions ?? []));
      }
      return whyDeaf(TopicArn, all, await filteredOf(client, all));
    }),
  );
  return deaf.flat();
}

function whyDeaf(topic: string, all: readonly Subscription[], filtered: readonly Subscription[]): string[] {
  if (all.length === 0) return [`${topic} has no subscription any more`];
  const pending = all.filter(({ SubscriptionArn }) => !SubscriptionArn?.startsWith('arn:')).length;
  return [
    ...(pending > 0 ? [`${topic} has ${pending} subscription(s) that nobody confirmed`] : []),
    ...filtered.map(
      ({ SubscriptionArn = '' }) =>
        `${SubscriptionArn} has a filter policy, which drops pages: set its FilterPolicy to {}`,
    ),
  ];
}
