import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { SendMessageBatchCommandInput } from '@aws-sdk/client-sqs';
import type * as Handler from '../../lambdas/detect/detector/handler';
import { correlation, named, programOf } from '../sigma/correlation/documents';
import { FakeTable } from './fake-table';
import { delivery, HOME } from './records';

const raised: string[] = [];
let table = new FakeTable();

jest.mock('@aws-sdk/client-sqs', () => ({
  SQSClient: class {
    send({ input }: { input: SendMessageBatchCommandInput }) {
      for (const { MessageBody = '{}' } of input.Entries ?? [])
        raised.push((JSON.parse(MessageBody) as { finding_info: { uid: string } }).finding_info.uid);
      return Promise.resolve({ Successful: input.Entries?.map(({ Id }) => ({ Id })) });
    }
  },
  SendMessageBatchCommand: class {
    constructor(readonly input: SendMessageBatchCommandInput) {}
  },
}));
jest.mock('@aws-sdk/lib-dynamodb', () => {
  const sdk = jest.requireActual<Record<string, unknown>>('@aws-sdk/lib-dynamodb');
  return { ...sdk, DynamoDBDocumentClient: { from: () => ({ send: (command: never) => table.client.send(command) }) } };
});
jest.mock('../../lambdas/detect/detector/program', () => ({
  program: programOf(
    named('a'),
    correlation('type: event_count\nrules: [a]\ngroup-by: [from]\ntimespan: 10m\ncondition: {gte: 3}'),
  ),
}));

Object.assign(process.env, {
  ALERT_QUEUE_URL: 'alerts',
  REJECTED_QUEUE_URL: 'rejected',
  HOME_ACCOUNT: HOME,
  AWS_REGION: 'eu-central-1',
  CORRELATION_TABLE: 'table',
});

/** One address that comes three times, and so many that come once. */
const flood = (others: number): unknown =>
  delivery(
    ['loud', 'loud', 'loud', ...Array.from({ length: others }, (_, index) => `address ${index}`)].map((from) => ({
      kind: 'a',
      from,
    })),
  );

describe('a delivery that is not counted to its end', () => {
  beforeEach(() => {
    raised.length = 0;
    jest.spyOn(console, 'info').mockReturnValue(undefined);
  });
  const call = (payload: unknown, remaining: () => number = () => 300_000): Promise<void> =>
    jest
      .requireActual<typeof Handler>('../../lambdas/detect/detector/handler')
      .handler(payload, { getRemainingTimeInMillis: remaining });

  test('has raised what was found before a call failed, and is made again', async () => {
    table = new FakeTable(() => (table.calls > 60 ? Promise.reject(new Error('throttled')) : Promise.resolve()));

    await expect(call(flood(200))).rejects.toThrow('throttled');

    expect(raised).toHaveLength(1);
    table = new FakeTable();
    await call(flood(200));
    expect(new Set(raised).size).toBe(1);
  });

  test('is not begun anew where time is nearly over, and is made again', async () => {
    table = new FakeTable();
    const remaining = (): number => (table.calls > 60 ? 9_000 : 300_000);

    await expect(call(flood(200), remaining)).rejects.toThrow(/groups of events were not counted: time was over/);

    expect(raised).toHaveLength(1);
    expect(table.calls).toBeLessThan(100);
  });
});
