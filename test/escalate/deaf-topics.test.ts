import { describe, expect, test } from '@jest/globals';
import {
  GetSubscriptionAttributesCommand,
  ListSubscriptionsByTopicCommand,
  NotFoundException,
  SNSClient,
  type Subscription,
} from '@aws-sdk/client-sns';
import { deafTopics } from '../../lambdas/escalate/auditor/subscriptions';

const TOPIC = 'arn:aws:sns:us-east-1:111122223333:pages';
const OTHER_ACCOUNT = '999988887777';

type Attributes = Record<string, string> | 'gone' | 'refused';

/** SNS with one subscription of each of these attributes, listed one to a page. */
function topicOf(subscriptions: readonly (Subscription & { attributes?: Attributes })[]): SNSClient {
  const client = new SNSClient({ region: 'us-east-1' });
  client.send = (async (command: unknown) => {
    await Promise.resolve();
    if (command instanceof ListSubscriptionsByTopicCommand) {
      const page = Number(command.input.NextToken ?? 0);
      const NextToken = page + 1 < subscriptions.length ? String(page + 1) : undefined;
      return { Subscriptions: subscriptions.slice(page, page + 1), NextToken };
    }
    const { SubscriptionArn } = (command as GetSubscriptionAttributesCommand).input;
    const attributes = subscriptions.find((one) => one.SubscriptionArn === SubscriptionArn)?.attributes;
    if (attributes === 'gone') throw new NotFoundException({ message: 'gone', $metadata: {} });
    if (attributes === undefined || attributes === 'refused') throw new Error('not yours to ask about');
    return { Attributes: attributes };
  }) as typeof client.send;
  return client;
}

const confirmed = (attributes: Attributes, id = '1', Owner = '111122223333') => ({
  SubscriptionArn: `${TOPIC}:${id}`,
  Owner,
  attributes,
});

describe('a topic', () => {
  test.each([
    ['a confirmed subscription', [confirmed({})]],
    ['an empty filter policy', [confirmed({ FilterPolicy: '{}' }), confirmed({ FilterPolicy: ' { } ' }, '2')]],
    ['one that ends while it is looked at', [confirmed('gone')]],
    ['one of another account, which alone may ask', [confirmed({}), confirmed('refused', '2', OTHER_ACCOUNT)]],
  ] as const)('is heard with %s', async (_what, subscriptions) => {
    expect(await deafTopics([TOPIC], topicOf(subscriptions))).toEqual([]);
  });

  test('is deaf without any subscription', async () => {
    expect(await deafTopics([TOPIC], topicOf([]))).toEqual([`${TOPIC} has no subscription any more`]);
  });

  test('is deaf where nobody confirmed, and where a filter policy drops what is sent, on whatever page it stands', async () => {
    const filtered = confirmed({ FilterPolicy: '{"nobody":["sends this"]}' }, '2');
    const subscriptions = [confirmed({}), { SubscriptionArn: 'PendingConfirmation' }, filtered];

    expect(await deafTopics([TOPIC], topicOf(subscriptions))).toEqual([
      `${TOPIC} has 1 subscription(s) that nobody confirmed`,
      `${TOPIC}:2 has a filter policy, which drops pages: set its FilterPolicy to {}`,
    ]);
  });

  test('is not taken for heard where it may not be asked', async () => {
    await expect(deafTopics([TOPIC], topicOf([confirmed('refused')]))).rejects.toThrow('not yours to ask about');
  });
});
