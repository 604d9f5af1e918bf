import {
  GetSubscriptionAttributesCommand,
  NotFoundException,
  type SNSClient,
  type Subscription,
} from '@aws-sdk/client-sns';

/**
 * Those of one topic with a filter policy. Firebreak sets none, so somebody else did; it can drop every page although publishing
 * goes on well, and what it would let through is not asked.
 */
export async function filteredOf(client: SNSClient, all: readonly Subscription[]): Promise<Subscription[]> {
  const filtered = await Promise.all(all.map((one) => isFiltered(client, one)));
  return all.filter((_, index) => filtered[index]);
}

async function isFiltered(client: SNSClient, { SubscriptionArn = '', Owner }: Subscription): Promise<boolean> {
  // One that nobody confirmed has no ARN. One that another account made is not Firebreak's, and SNS shows it to that account alone.
  const [partition, , , , account] = SubscriptionArn.split(':');
  if (partition !== 'arn' || (Owner !== undefined && Owner !== account)) return false;
  try {
    const { Attributes } = await client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
    return !/^\s*(?:\{\s*\})?\s*$/.test(Attributes?.['FilterPolicy'] ?? '');
  } catch (error) {
    // Somebody ended it since it was listed: the next look sees that.
    if (error instanceof NotFoundException) return false;
    throw error;
  }
}
