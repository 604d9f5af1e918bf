import { GetTopicAttributesCommand, SetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { type AwsApi } from '../api';
import { type Completion, only, tryOut } from './completion';

const TOPIC = 'AWS::SNS::Topic';

async function key(api: AwsApi, TopicArn: string): Promise<string | undefined> {
  const { Attributes } = await api.topics.send(new GetTopicAttributesCommand({ TopicArn }));
  return Attributes?.KmsMasterKeyId;
}

export const snsKey: Completion = {
  name: 'sns-key',
  why: "CloudFormation drops a topic's KmsMasterKeyId",

  needed: (api) =>
    tryOut(
      api,
      { Topic: { Type: TOPIC, Properties: { KmsMasterKeyId: 'alias/aws/sns' } } },
      async (stack) => (await key(api, only(stack, TOPIC).physicalId)) !== 'alias/aws/sns',
    ),

  async complete(stack, api) {
    const done: string[] = [];
    for (const { logicalId, physicalId, properties } of stack.ofType(TOPIC)) {
      const wanted = properties.KmsMasterKeyId;
      if (typeof wanted !== 'string' || (await key(api, physicalId)) === wanted) continue;
      await api.topics.send(
        new SetTopicAttributesCommand({
          TopicArn: physicalId,
          AttributeName: 'KmsMasterKeyId',
          AttributeValue: wanted,
        }),
      );
      done.push(`${logicalId}: key ${wanted}`);
    }
    return done;
  },
};
