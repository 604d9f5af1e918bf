import { paginateListSubscriptionsByTopic, SNSClient, type Subscription } from '@aws-sdk/client-sns';
import { bad, type Check, count, ok, type Patient, warning } from './check';

/** E-mail and HTTPS recipients must confirm; until then SNS sends them nothing. */
export const subscriptions: Check = {
  name: 'subscriptions of recipients',
  async look(patient) {
    const topics = patient.stack.list('FirebreakTopics');
    if (topics.length === 0)
      return warning('the stack names no topics', 'look whether its recipients are queues or webhooks only');
    const found = await Promise.all(
      topics.map(async (topic) => ({ topic, all: await subscriptionsOf(patient, topic) })),
    );
    const pending = found.flatMap(({ all }) => all.filter((one) => one.SubscriptionArn === 'PendingConfirmation'));
    const silent = found.filter(({ all }) => all.length === 0);
    if (pending.length > 0) {
      const who = pending.map(({ Protocol, Endpoint }) => `${Protocol ?? '?'} ${Endpoint ?? '?'}`).join(', ');
      return bad(
        `not confirmed: ${who}`,
        'have each follow the link of its confirmation; deploy again where it was lost',
      );
    }
    if (silent.length > 0) {
      // Somebody unsubscribed, or a mail scanner did: it follows every link.
      return bad(
        `nobody is subscribed to ${silent.map(({ topic }) => topic).join(', ')}`,
        'subscribe the recipients again: deploy',
      );
    }
    return ok(
      `${count(found.flatMap(({ all }) => all).length, 'subscription')} of ${count(topics.length, 'topic')}, all confirmed`,
    );
  },
};

export async function subscriptionsOf({ aws }: Patient, TopicArn: string): Promise<Subscription[]> {
  const all: Subscription[] = [];
  for await (const page of paginateListSubscriptionsByTopic({ client: new SNSClient(aws) }, { TopicArn })) {
    all.push(...(page.Subscriptions ?? []));
  }
  return all;
}
