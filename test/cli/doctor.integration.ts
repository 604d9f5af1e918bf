import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  PutSubscriptionFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateTopicCommand,
  ListSubscriptionsByTopicCommand,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { Firebreak } from '../../cli/ask';
import { DeployedStack, type OutputKey } from '../../cli/deployed-stack';
import { examine } from '../../cli/doctor';
import { acknowledgeEndpoint } from '../../cli/doctor/acknowledge-endpoint';
import { brake } from '../../cli/doctor/brake';
import type { Check, CheckResult } from '../../cli/doctor/check';
import { deadLetters } from '../../cli/doctor/dead-letters';
import { filters } from '../../cli/doctor/filters';
import { guardDuty } from '../../cli/doctor/guard-duty';
import { machines } from '../../cli/doctor/machines';
import { sms } from '../../cli/doctor/sms';
import { subscriptions } from '../../cli/doctor/subscriptions';
import { trail } from '../../cli/doctor/trail';
import { deafTopics } from '../../lambdas/escalate/auditor/subscriptions';
import { embeddedAws } from '../embedded/aws';
import { LoggingWorld } from '../runbooks/logging';

const aws = embeddedAws();
const sns = new SNSClient(aws.client);
const sqs = new SQSClient({ ...aws.client, useQueueUrlAsEndpoint: false });
const logs = new CloudWatchLogsClient(aws.client);

// What tests of logging left in the account.
beforeAll(() => new LoggingWorld(aws).clear());

/** What a check says of a stack with these outputs. */
function look(check: Check, outputs: Partial<Record<OutputKey, string>>, client = aws.client): Promise<CheckResult> {
  const stack = new DeployedStack(
    'Firebreak',
    'UPDATE_COMPLETE',
    { account: '111122223333', region: 'us-east-1' },
    outputs,
  );
  const firebreak = new Firebreak(stack, client);
  return examine(check, { firebreak, stack, aws: client, reach: (url) => url }, { env: {} });
}

async function topic(name: string, protocol?: string, endpoint?: string): Promise<string> {
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: name }));
  if (protocol !== undefined) {
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: protocol, Endpoint: endpoint }));
  }
  return TopicArn;
}

describe('the subscriptions of recipients', () => {
  test('are bad where nobody is subscribed any more', async () => {
    const FirebreakTopics = await topic('doctor-silent');

    expect(await look(subscriptions, { FirebreakTopics })).toMatchObject({ verdict: 'bad' });
  });

  test('are ok where all are confirmed', async () => {
    const FirebreakTopics = await topic('doctor-sms', 'sms', '+15555550100');

    expect(await look(subscriptions, { FirebreakTopics })).toMatchObject({ verdict: 'ok' });
  });
});

describe('text messages', () => {
  test('are no question where nobody is paged by them', async () => {
    const FirebreakTopics = await topic('doctor-silent');

    expect(await look(sms, { FirebreakTopics })).toMatchObject({ verdict: 'ok' });
  });

  test('are never ok where their limits cannot be read', async () => {
    const FirebreakTopics = await topic('doctor-sms', 'sms', '+15555550100');

    expect(['unknown', 'warning', 'bad']).toContain((await look(sms, { FirebreakTopics })).verdict);
  });
});

describe('a filter policy that somebody gave to a recipient', () => {
  test('is bad, and heard of by the auditor, until it is taken off', async () => {
    const FirebreakTopics = await topic('doctor-filtered', 'sms', '+15555550100');
    const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: FirebreakTopics }));
    const [{ SubscriptionArn = '' } = {}] = Subscriptions;
    const filter = (AttributeValue: string) =>
      sns.send(
        new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName: 'FilterPolicy', AttributeValue }),
      );

    await filter('{"nobody":["sends this"]}');
    expect(await look(subscriptions, { FirebreakTopics })).toMatchObject({ verdict: 'bad' });
    expect(await deafTopics([FirebreakTopics], sns)).toEqual([expect.stringContaining('set its FilterPolicy to {}')]);

    await filter('{}');
    expect(await look(subscriptions, { FirebreakTopics })).toMatchObject({ verdict: 'ok' });
    expect(await deafTopics([FirebreakTopics], sns)).toEqual([]);
  });
});

describe('subscription filters', () => {
  const logGroupName = '/doctor/trail';
  const put = (filterName: string, target: string) =>
    logs.send(
      new PutSubscriptionFilterCommand({
        logGroupName,
        filterName,
        filterPattern: '',
        destinationArn: `arn:aws:lambda:${aws.region}:${aws.account}:function:${target}`,
      }),
    );
  beforeAll(() => logs.send(new CreateLogGroupCommand({ logGroupName })));

  test('are bad without ours, and a warning where no slot is free', async () => {
    await put('somebody-else', 'shipper');
    const without = await look(filters, { FirebreakLogGroups: logGroupName });
    await put('Firebreak-Filter', 'Firebreak-Detector');
    const full = await look(filters, { FirebreakLogGroups: logGroupName });

    expect(without).toMatchObject({ verdict: 'bad', observed: `no filter of Firebreak on ${logGroupName}` });
    expect(full).toMatchObject({ verdict: 'warning', observed: `no free slot of 2 on ${logGroupName}` });
  });

  test('are unknown where the log group cannot be read', async () => {
    expect(await look(filters, { FirebreakLogGroups: '/doctor/none' })).toMatchObject({ verdict: 'unknown' });
  });
});

describe('dead letters', () => {
  test('are bad as soon as one waits', async () => {
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'doctor-dead-letters' }));
    const none = await look(deadLetters, { FirebreakDeadLetterQueues: QueueUrl });
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
    const one = await look(deadLetters, { FirebreakDeadLetterQueues: QueueUrl });

    expect(none).toMatchObject({ verdict: 'ok', observed: 'none in 1 queue' });
    expect(one).toMatchObject({ verdict: 'bad', observed: '1 message in doctor-dead-letters' });
  });
});

describe('the brake', () => {
  test.each([
    ['released', 'ok'],
    ['paused by Kim', 'bad'],
    ['Released', 'bad'],
  ])('that reads %j is %s', async (Value, verdict) => {
    const ssm = new SSMClient(aws.client);
    await ssm.send(new PutParameterCommand({ Name: '/doctor/brake', Value, Type: 'String', Overwrite: true }));

    expect(await look(brake, { FirebreakBrakeParameter: '/doctor/brake' })).toMatchObject({ verdict });
  });
});

test('a state machine that is gone is bad', async () => {
  const arn = `arn:aws:states:${aws.region}:${aws.account}:stateMachine:doctor-gone`;

  expect(await look(machines, { FirebreakMachines: arn })).toMatchObject({
    verdict: 'bad',
    observed: 'doctor-gone is missing',
  });
});

test('an account without a trail is bad', async () => {
  expect(await look(trail, {})).toMatchObject({ verdict: 'bad', observed: 'there is no trail' });
});

test('GuardDuty that is off is a warning, and one that cannot be asked is unknown, never ok', async () => {
  const nowhere = { ...aws.client, endpoint: 'http://127.0.0.1:9', maxAttempts: 1 };

  expect(await look(guardDuty, {})).toMatchObject({ verdict: 'warning', observed: 'off in this Region' });
  expect(await look(guardDuty, {}, nowhere)).toMatchObject({ verdict: 'unknown' });
});

test('an acknowledge endpoint that does not answer is bad', async () => {
  const FirebreakAcknowledgeUrl = 'http://127.0.0.1:9';

  expect(await look(acknowledgeEndpoint, { FirebreakAcknowledgeUrl })).toMatchObject({ verdict: 'bad' });
});
