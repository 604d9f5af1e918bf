import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import type * as Handler from '../../lambdas/detect/detector/handler';
import type { SendMessageBatchCommandInput } from '@aws-sdk/client-sqs';
import { compile } from '../sigma/one-rule';
import { delivery, HOME, onBus, record } from './records';

const sent: SendMessageBatchCommandInput[] = [];
let made = 0;
let broken: string | undefined;

jest.mock('@aws-sdk/client-sqs', () => ({
  SQSClient: class {
    constructor() {
      made++;
    }
    send({ input }: { input: SendMessageBatchCommandInput }) {
      if (input.QueueUrl === broken) return Promise.reject(new Error('AccessDenied'));
      sent.push(input);
      return Promise.resolve({ Successful: input.Entries?.map(({ Id }) => ({ Id })) });
    }
  },
  SendMessageBatchCommand: class {
    constructor(readonly input: SendMessageBatchCommandInput) {}
  },
}));
jest.mock('../../lambdas/detect/detector/program', () => ({
  program: compile('s:\n  eventName: CreateAccessKey\ncondition: s'),
}));

Object.assign(process.env, {
  ALERT_QUEUE_URL: 'alerts',
  REJECTED_QUEUE_URL: 'rejected',
  HOME_ACCOUNT: HOME,
  AWS_REGION: 'eu-central-1',
  LOG_SOURCES: '[{"logGroup":"trail","source":"cloudtrail"}]',
});

describe('the detector', () => {
  beforeEach(() => {
    sent.length = 0;
    broken = undefined;
    jest.spyOn(console, 'warn').mockReturnValue(undefined);
    jest.spyOn(console, 'info').mockReturnValue(undefined);
  });
  const call = (payload: unknown): Promise<void> =>
    jest.requireActual<typeof Handler>('../../lambdas/detect/detector/handler').handler(payload);
  const bodies = (queue: string) =>
    sent
      .filter(({ QueueUrl }) => QueueUrl === queue)
      .flatMap(({ Entries }) =>
        (Entries ?? []).map(({ MessageBody }) => JSON.parse(MessageBody ?? '') as Record<string, unknown>),
      );

  test('loads no client where nothing matches', async () => {
    await call(delivery([record({ eventName: 'ListUsers' })]));
    await call(delivery(['x'], { messageType: 'CONTROL_MESSAGE' }));
    expect(made).toBe(0);
  });

  test('puts alerts and what was bad on their queues', async () => {
    await call(delivery([record(), 'not json', record({ eventID: 'other' })]));
    expect(bodies('alerts')).toHaveLength(2);
    expect(bodies('rejected')).toMatchObject([{ place: 'trail:stream, log event log-event-1 (index 1)' }]);
    expect(console.warn).toHaveBeenCalledWith(expect.objectContaining({ event: 'record rejected' }));
  });

  test('is made again where a queue takes nothing, and the other queue has got its part', async () => {
    broken = 'rejected';
    await expect(call(delivery([record(), 'not json']))).rejects.toThrow('AccessDenied');
    expect(bodies('alerts')).toHaveLength(1);
  });

  test('takes events of EventBridge', async () => {
    await call(onBus('AWS API Call via CloudTrail', record()));
    expect(bodies('alerts')).toMatchObject([
      { class_uid: 2004, finding_info: { related_events: [{ uid: record().eventID }] } },
    ]);
  });
});
