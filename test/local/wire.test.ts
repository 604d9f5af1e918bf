import { describe, expect, test } from '@jest/globals';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeSecurityGroupsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { RecordingProxy } from '../../local/proxy';

interface Config {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: number;
}

const CALLS: Record<string, (config: Config) => Promise<unknown>> = {
  'CBOR or JSON (CloudWatch)': (config) => new CloudWatchClient(config).send(new DescribeAlarmsCommand({})),
  'JSON (DynamoDB)': (config) => new DynamoDBClient(config).send(new DescribeTableCommand({ TableName: 't' })),
  'JSON (Step Functions)': (config) =>
    new SFNClient(config).send(new DescribeExecutionCommand({ executionArn: 'arn:aws:states:::execution:a:b' })),
  'JSON (SQS)': (config) =>
    new SQSClient(config).send(new GetQueueAttributesCommand({ QueueUrl: `${config.endpoint}/0/q` })),
  'query XML (SNS)': (config) =>
    new SNSClient(config).send(new GetTopicAttributesCommand({ TopicArn: 'arn:aws:sns:::t' })),
  'EC2 XML': (config) => new EC2Client(config).send(new DescribeSecurityGroupsCommand({ GroupIds: ['sg-1'] })),
  'REST JSON (Lambda)': (config) => new LambdaClient(config).send(new GetFunctionCommand({ FunctionName: 'f' })),
  'REST XML (S3)': (config) => new S3Client(config).send(new GetObjectCommand({ Bucket: 'bucket', Key: 'k' })),
};

describe('an injected error', () => {
  test.each<[string, string, string]>([
    ['CBOR or JSON (CloudWatch)', 'ThrottlingException', 'ResourceNotFoundException'],
    ['JSON (DynamoDB)', 'ThrottlingException', 'ResourceNotFoundException'],
    ['JSON (Step Functions)', 'ThrottlingException', 'ExecutionDoesNotExist'],
    ['JSON (SQS)', 'RequestThrottled', 'QueueDoesNotExist'],
    ['query XML (SNS)', 'ThrottledException', 'NotFoundException'],
    ['EC2 XML', 'RequestLimitExceeded', 'InvalidGroup.NotFound'],
    ['REST JSON (Lambda)', 'TooManyRequestsException', 'ResourceNotFoundException'],
    ['REST XML (S3)', 'SlowDown', 'NoSuchKey'],
  ])('in %s is raised by the SDK as %s or %s', async (wire, throttled, notFound) => {
    const proxy = await RecordingProxy.start({
      port: 0,
      route: () => Promise.reject(new Error('nothing may be forwarded')),
      kill: () => Promise.resolve(),
      setWaitScale: () => Promise.resolve(),
      reset: () => Promise.resolve(),
    });
    const config = {
      endpoint: `http://127.0.0.1:${proxy.port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    };
    const call = CALLS[wire];
    try {
      for (const [fault, name] of [
        ['throttled', throttled],
        ['not-found', notFound],
      ] as const) {
        await proxy.inject({ match: {}, fault });
        await expect(call?.(config)).rejects.toThrow(expect.objectContaining({ name }));
      }
    } finally {
      await proxy.stop();
    }
  });
});
