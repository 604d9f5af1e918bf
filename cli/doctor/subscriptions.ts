import { paginateListSubscriptionsByTopic, SNSClient, type Subscription } from '@aws-sdk/client-sns';
import { bad, type Check, count, type Finding, ok, type Patient, warning } from './check';

/** E-mail and HTTPS recipients must confirm; until then SNS sends them nothing. */
export const subscriptions: Check = {
  name: 'subscriptions of recipients',
  async look(patient) {
    const topics = patient.stack.list('FirebreakTopics');
    if (topics.length === 0)
      return warning('the stack names no topics', 'look whether its recipients are queues or webhooks only');
    return judgeSubscriptions(
      await Promise.all(topics.map(async (topic) => ({ topic, all: await subscriptionsOf(patient, topic) }))),
    );
  },
};

/** What the subscriptions of each topic mean. */
export function judgeSubscriptions(
  found: readonly { readonly topic: string; readonly all: readonly Subscription[] }[],
): Finding {
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
    const topics = silent.map(({ topic }) => topic).join(', ');
    return bad(`nobody is subscribed to ${topics}`, 'subscribe the recipients again: deploy');
  }
  const subscribed = count(found.flatMap(({ all }) => all).length, 'subscription');
  return ok(`${subscribed} of ${count(found.length, 'topic')}, all confirmed`);
}

export async function subscriptionsOf({ aws }: Patient, TopicArn: string): Promise<Subscription[]> {
  const all: Subscription[] = [];
  for await (const page of paginateListSubscriptionsByTopic({ client: new SNSClient(aws) }, { TopicArn })) {
    all.push(...(page.Subscriptions ?? []));
  }
  return all;
}
