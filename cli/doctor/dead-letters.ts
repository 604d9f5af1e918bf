import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { bad, type Check, count, ok, warning } from './check';

export const deadLetters: Check = {
  name: 'dead letters',
  async look({ aws, stack }) {
    const urls = stack.list('FirebreakDeadLetterQueues');
    if (urls.length === 0) return warning('the stack names no dead-letter queues', 'deploy it again with this version');
    const client = new SQSClient({ ...aws, useQueueUrlAsEndpoint: false });
    const sizes = await Promise.all(
      urls.map(async (QueueUrl) => {
        const { Attributes } = await client.send(
          new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
        );
        return {
          name: QueueUrl.split('/').at(-1) ?? QueueUrl,
          size: Number(Attributes?.ApproximateNumberOfMessages ?? 0),
        };
      }),
    );
    const waiting = sizes.filter(({ size }) => size > 0);
    if (waiting.length === 0) return ok(`none in ${count(urls.length, 'queue')}`);
    return bad(
      waiting.map(({ name, size }) => `${count(size, 'message')} in ${name}`).join(', '),
      'look at them, mend the reason, and redrive the queue: each is something that Firebreak did not do',
    );
  },
};
