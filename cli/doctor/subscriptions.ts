import { paginateListSubscriptionsByTopic, SNSClient, type Subscription } from '@aws-sdk/client-sns';
import { filteredOf } from '../../lambdas/shared/filtered-subscriptions';
import { bad, type Check, count, type Finding, ok, type Patient, warning } from './check';

/** A topic with its subscriptions, and those of them that have a filter policy. */
interface Subscribed {
  readonly topic: string;
  readonly all: readonly Subscription[];
  readonly filtered: readonly Subscription[];
}

/** E-mail and HTTPS recipients must confirm; until then SNS sends them nothing. What a filter policy drops it does not send either. */
export const subscriptions: Check = {
  name: 'subscriptions of recipients',
  async look(patient) {
    const topics = patient.stack.list('FirebreakTopics');
    if (topics.length === 0)
      return warning('the stack names no topics', 'look whether its recipients are queues or webhooks only');
    const client = new SNSClient(patient.aws);
    return judgeSubscriptions(
      await Promise.all(
        topics.map(async (topic) => {
          const all = await subscriptionsOf(patient, topic);
          return { topic, all, filtered: await filteredOf(client, all) };
        }),
      ),
    );
  },
};

/** What the subscriptions of each topic mean. */
export function judgeSubscriptions(found: readonly Subscribed[]): Finding {
  const pending = found.flatMap(({ all }) => all.filter((one) => one.SubscriptionArn === 'PendingConfirmation'));
  const silent = found.filter(({ all }) => all.length === 0);
  const filtered = found.flatMap((one) => one.filtered);
  if (filtered.length > 0) {
    const arns = filtered.map(({ SubscriptionArn }) => SubscriptionArn ?? '?').join(', ');
    return bad(
      `a filter policy drops pages of ${whoOf(filtered)}`,
      `somebody set it, and a deployment does not take it off: set FilterPolicy to {} for ${arns} (aws sns set-subscription-attributes), and see in CloudTrail who did`,
    );
  }
  if (pending.length > 0) {
    return bad(
      `not confirmed: ${whoOf(pending)}`,
      'have each follow the link of its confirmation; deploy again where it was lost',
    );
  }
  if (silent.length > 0) {
    // Somebody unsubscribed, or a mail scanner did: it follows every link.
    const topics = silent.map(({ topic }) => topic).join(', ');
    return bad(`nobody is subscribed to ${topics}`, 'subscribe the recipients again: deploy');
  }
  const subscribed = count(found.flatMap(({ all }) => all).length, 'subscription');
  return ok(`${subscribed} of ${count(found.length, 'topic')}, all confirmed, none filtered`);
}

function whoOf(some: readonly Subscription[]): string {
  return some.map(({ Protocol, Endpoint }) => `${Protocol ?? '?'} ${Endpoint ?? '?'}`).join(', ');
}

export async function subscriptionsOf({ aws }: Patient, TopicArn: string): Promise<Subscription[]> {
  const all: Subscription[] = [];
  for await (const page of paginateListSubscriptionsByTopic({ client: new SNSClient(aws) }, { TopicArn })) {
    all.push(...(page.Subscriptions ?? []));
  }
  return all;
}
