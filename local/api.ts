import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { type EmbeddedAws } from './embedded-aws';

export type AwsAddress = Pick<EmbeddedAws, 'endpoint' | 'region' | 'account' | 'env'>;

/** Clients of the embedded AWS, for what looks at a deployment or completes it from outside. */
export interface AwsApi {
  readonly region: string;
  readonly account: string;
  readonly alarms: CloudWatchClient;
  readonly events: EventBridgeClient;
  readonly iam: IAMClient;
  readonly keys: KMSClient;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly machines: SFNClient;
  readonly parameters: SSMClient;
  readonly queues: SQSClient;
  readonly s3: S3Client;
  readonly stacks: CloudFormationClient;
  readonly tables: DynamoDBClient;
  readonly topics: SNSClient;
}

export function awsApi(aws: AwsAddress): AwsApi {
  const config = {
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: { accessKeyId: aws.env.AWS_ACCESS_KEY_ID ?? '', secretAccessKey: aws.env.AWS_SECRET_ACCESS_KEY ?? '' },
  };
  return {
    region: aws.region,
    account: aws.account,
    alarms: new CloudWatchClient(config),
    events: new EventBridgeClient(config),
    iam: new IAMClient(config),
    keys: new KMSClient(config),
    lambda: new LambdaClient(config),
    logs: new CloudWatchLogsClient(config),
    machines: new SFNClient(config),
    parameters: new SSMClient(config),
    queues: new SQSClient(config),
    s3: new S3Client(config),
    stacks: new CloudFormationClient(config),
    tables: new DynamoDBClient(config),
    topics: new SNSClient(config),
  };
}
