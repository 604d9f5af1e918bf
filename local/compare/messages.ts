import {
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
} from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { type Describers } from './describers';

export const messages: Describers = {
  'AWS::SQS::Queue': async (api, { physicalId: QueueUrl }) => {
    const { Attributes = {} } = await api.queues.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );
    return {
      DelaySeconds: Attributes.DelaySeconds,
      FifoQueue: Attributes.FifoQueue,
      KmsMasterKeyId: Attributes.KmsMasterKeyId,
      MessageRetentionPeriod: Attributes.MessageRetentionPeriod,
      ReceiveMessageWaitTimeSeconds: Attributes.ReceiveMessageWaitTimeSeconds,
      RedrivePolicy: Attributes.RedrivePolicy,
      SqsManagedSseEnabled: Attributes.SqsManagedSseEnabled,
      VisibilityTimeout: Attributes.VisibilityTimeout,
    };
  },
  'AWS::SQS::QueuePolicy': async (api, { properties }) => {
    const [QueueUrl] = properties.Queues as string[];
    const { Attributes } = await api.queues.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Policy'] }),
    );
    return { PolicyDocument: Attributes?.Policy };
  },
  'AWS::SNS::Topic': async (api, { physicalId: TopicArn }) => {
    const { Attributes } = await api.topics.send(new GetTopicAttributesCommand({ TopicArn }));
    return { DisplayName: Attributes?.DisplayName, KmsMasterKeyId: Attributes?.KmsMasterKeyId };
  },
  'AWS::SNS::TopicPolicy': async (api, { properties }) => {
    const [TopicArn] = properties.Topics as string[];
    const { Attributes } = await api.topics.send(new GetTopicAttributesCommand({ TopicArn }));
    return { PolicyDocument: Attributes?.Policy };
  },
  'AWS::SNS::Subscription': async (api, { physicalId: SubscriptionArn, properties }) => {
    const TopicArn = String(properties.TopicArn);
    const { Subscriptions } = await api.topics.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    const listed = Subscriptions?.find((subscription) => subscription.Endpoint === properties.Endpoint);
    // One that nobody has confirmed yet has no ARN and no attributes.
    if (!listed?.SubscriptionArn?.startsWith('arn:')) return { Endpoint: listed?.Endpoint, Protocol: listed?.Protocol };
    const { Attributes } = await api.topics.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
    return {
      Endpoint: listed.Endpoint,
      FilterPolicy: Attributes?.FilterPolicy,
      Protocol: listed.Protocol,
      RawMessageDelivery: Attributes?.RawMessageDelivery,
      RedrivePolicy: Attributes?.RedrivePolicy,
    };
  },
};
