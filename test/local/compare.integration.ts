import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CreateStackCommand, DeleteStackCommand, waitUntilStackCreateComplete } from '@aws-sdk/client-cloudformation';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { awsApi } from '../../local/api';
import { compareStack } from '../../local/compare';
import { completeAll } from '../../local/complete';
import { only } from '../../local/complete/completion';
import { deliverAwsEvent } from '../../local/deliver-event';
import { type DeployedStack, joinStack } from '../../local/stack';
import { embeddedAws } from '../embedded/aws';

const TEMPLATE = {
  Resources: {
    Vault: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        ObjectLockEnabled: true,
        ObjectLockConfiguration: {
          ObjectLockEnabled: 'Enabled',
          Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 30 } },
        },
        VersioningConfiguration: { Status: 'Enabled' },
      },
    },
    Caught: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 45 } },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: { source: ['aws.iam'], detail: { eventName: [{ prefix: 'CompareTest' }] } },
        State: 'ENABLED',
        Targets: [{ Id: 'Target0', Arn: { 'Fn::GetAtt': ['Caught', 'Arn'] } }],
      },
    },
    Dashboard: { Type: 'AWS::CloudWatch::Dashboard', Properties: { DashboardBody: '{"widgets":[]}' } },
  },
};

describe('a deployed stack', () => {
  const api = awsApi(embeddedAws());
  const StackName = `compare-${process.pid}`;
  let stack: DeployedStack;

  beforeAll(async () => {
    await api.stacks.send(new CreateStackCommand({ StackName, TemplateBody: JSON.stringify(TEMPLATE) }));
    const patience = { client: api.stacks, maxWaitTime: 20, minDelay: 1, maxDelay: 1 };
    await waitUntilStackCreateComplete(patience, { StackName });
    stack = await joinStack(api, StackName, TEMPLATE);
  }, 30_000);

  afterAll(() => api.stacks.send(new DeleteStackCommand({ StackName })));

  test('is compared with its template, completed, and then the same', async () => {
    const before = await compareStack(stack, api);
    expect(before.differences.map(({ logicalId, property }) => `${logicalId}.${property}`)).toEqual([
      'Vault.ObjectLockConfiguration.Rule',
      'Vault.ObjectLockEnabled',
    ]);
    expect(before.notCompared).toEqual([{ logicalId: 'Dashboard', type: 'AWS::CloudWatch::Dashboard' }]);

    expect(await completeAll(stack, api)).toEqual(['s3-object-lock: Vault: Object Lock']);

    expect((await compareStack(stack, api)).differences).toEqual([]);
    expect(await completeAll(stack, api)).toEqual([]);
  });

  test('gets an event that only AWS services may send, where its rule matches', async () => {
    const event = { source: 'aws.iam', 'detail-type': 'AWS API Call via CloudTrail' };

    // Other stacks of this test run have rules of their own.
    const ours = (arns: readonly string[]): string[] => arns.filter((arn) => arn.includes(StackName));
    const other = await deliverAwsEvent(api, { ...event, detail: { eventName: 'OtherTest' } });
    const reached = await deliverAwsEvent(api, { ...event, detail: { eventName: 'CompareTestUser' } });

    expect(ours(other)).toEqual([]);
    expect(ours(reached)).toHaveLength(1);
    const QueueUrl = only(stack, 'AWS::SQS::Queue').physicalId;
    const { Messages } = await api.queues.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 2 }));
    expect(JSON.parse(Messages?.[0]?.Body ?? '{}')).toMatchObject({
      source: 'aws.iam',
      detail: { eventName: 'CompareTestUser' },
    });
  });
});
