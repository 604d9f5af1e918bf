import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';

let sns: SNSClient | undefined;

/**
 * Topics of which nobody would hear: a subscription that was never confirmed, or that has vanished, as one does whose
 * unsubscribe link a mail scanner followed.
 */
export async function deafTopics(topics: readonly string[]): Promise<string[]> {
  sns ??= new SNSClient({});
  const client = sns;
  const deaf = await Promise.all(
    topics.map(async (TopicArn) => {
      const { Subscriptions } = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
      const arns = (Subscriptions ?? []).map(({ SubscriptionArn }) => SubscriptionArn ?? '');
      const pending = arns.filter((arn) => !arn.startsWith('arn:')).length;
      if (arns.length === 0) return [`${TopicArn} has no subscription any more`];
      return pending > 0 ? [`${TopicArn} has ${pending} subscription(s) that nobody confirmed`] : [];
    }),
  );
  return deaf.flat();
}
