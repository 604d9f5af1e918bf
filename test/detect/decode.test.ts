import { describe, expect, test } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { decode, type Decoded } from '../../lambdas/detect/detector/decode';
import { corpusJson, describeCorpus } from '../sigma/corpus';
import { CONTEXT as NO_SOURCES, RECEIVED } from './finding';
import { delivery, HOME, onBus, record } from './records';

const CONTEXT = {
  ...NO_SOURCES,
  logSources: [
    { logGroup: 'trail', source: 'cloudtrail' },
    { logGroup: 'shop', source: 'application', product: 'django', category: 'application' },
  ],
  ownLogGroup: 'detector',
} as const;
const summary = (decoded: readonly Decoded[]): string[] =>
  decoded.map((item) => (item.kind === 'event' ? `${item.event.source} ${item.event.id}` : `rejected: ${item.place}`));

describe('a delivery of CloudWatch Logs', () => {
  test('gives an event for each record', () => {
    const [item] = decode(delivery([record()]), CONTEXT);
    expect(item).toEqual({
      kind: 'event',
      event: {
        source: 'cloudtrail',
        id: '00000000-0000-4000-8000-00000000abcd',
        time: '2026-03-01T09:30:00.000Z',
        account: HOME,
        region: 'us-east-1',
        record: record(),
      },
      delivery: { via: 'subscription-filter', from: 'trail:stream', receivedAt: RECEIVED.toISOString() },
      logsource: { product: 'aws', service: 'cloudtrail' },
    });
  });

  test('one bad record does not stop the others', () => {
    const megabyte = JSON.stringify(record({ eventID: 'big', userAgent: 'x'.repeat(1_000_000) }));
    const decoded = decode(
      delivery([record(), '{"half', '[1]', 'null', megabyte, record({ eventID: 'last' })]),
      CONTEXT,
    );
    expect(summary(decoded)).toEqual([
      'cloudtrail 00000000-0000-4000-8000-00000000abcd',
      'rejected: trail:stream, log event log-event-1 (index 1)',
      'rejected: trail:stream, log event log-event-2 (index 2)',
      'rejected: trail:stream, log event log-event-3 (index 3)',
      'cloudtrail big',
      'cloudtrail last',
    ]);
  });

  test('a log event that is no object is rejected by itself', () => {
    expect(summary(decode(delivery([], { logEvents: [7, null, { id: 'a' }] }), CONTEXT))).toEqual([
      'rejected: trail:stream, log event  (index 0)',
      'rejected: trail:stream, log event  (index 1)',
      'rejected: trail:stream, log event a (index 2)',
    ]);
  });

  test('a record without an id gets one from what it says, the same each time', () => {
    const without = record({ eventID: undefined });
    const [first] = summary(decode(delivery([without]), CONTEXT));
    const [second] = summary(decode(onBus('AWS API Call via CloudTrail', without), CONTEXT));
    expect(first).toMatch(/^cloudtrail hash-[0-9a-f]{32}$/);
    expect(second).toBe(first);
  });

  test('records that look like CloudTrail stay an application’s in its log group', () => {
    const [item] = decode(delivery([record()], { logGroup: 'shop' }), CONTEXT);
    expect(item).toMatchObject({
      event: { source: 'application', account: HOME, region: 'eu-central-1' },
      logsource: { product: 'django', category: 'application' },
    });
  });

  test('a log group that nobody named is trusted least', () => {
    expect(decode(delivery([record()], { logGroup: 'unknown' }), CONTEXT)).toMatchObject([
      { event: { source: 'application' }, logsource: { product: 'application' } },
    ]);
  });

  test('lines of applications keep their id over deliveries and are told apart', () => {
    const lines = ['plain text', '{"level":"info"}', '{"half', '[1]', 'plain text'];
    const decoded = decode(delivery(lines, { logGroup: 'shop' }), CONTEXT);
    expect(decoded.map((item) => item.kind === 'event' && item.event.record)).toEqual([
      { message: 'plain text' },
      { level: 'info' },
      { message: '{"half' },
      { message: '[1]' },
      { message: 'plain text' },
    ]);
    expect(new Set(summary(decoded)).size).toBe(5);
    expect(summary(decode(delivery(lines, { logGroup: 'shop' }), CONTEXT))).toEqual(summary(decoded));
  });

  test('a control message and its own log group hold nothing', () => {
    expect(decode(delivery(['x'], { messageType: 'CONTROL_MESSAGE' }), CONTEXT)).toEqual([]);
    expect(decode(delivery(['x'], { logGroup: 'detector' }), CONTEXT)).toEqual([]);
  });

  test.each([
    ['no base64', { awslogs: { data: '!!!' } }],
    ['no gzip', { awslogs: { data: Buffer.from('text').toString('base64') } }],
    ['no JSON', { awslogs: { data: gzipSync('text').toString('base64') } }],
    ['no data', { awslogs: {} }],
    ['half a delivery', { awslogs: { data: (delivery([record()]).awslogs as { data: string }).data.slice(0, 100) } }],
  ])('%s is parked whole, with a reason', (_, payload) => {
    expect(decode(payload, CONTEXT)).toEqual([
      {
        kind: 'rejected',
        place: 'CloudWatch Logs delivery',
        reason: expect.stringContaining('not base64 of gzip of JSON'),
        body: JSON.stringify(payload.awslogs),
      },
    ]);
  });

  test('a gzip bomb stops at the limit', () => {
    const bomb = { awslogs: { data: gzipSync(Buffer.alloc(70 * 1024 * 1024)).toString('base64') } };
    expect(decode(bomb, CONTEXT)).toMatchObject([{ kind: 'rejected', place: 'CloudWatch Logs delivery' }]);
  });
});

describe('an event of EventBridge', () => {
  test.each(['AWS API Call via CloudTrail', 'AWS Console Sign In via CloudTrail'])(
    '%s is the same event as by a log group',
    (type) => {
      const [bus] = decode(onBus(type, record()), CONTEXT);
      const [logs] = decode(delivery([record()]), CONTEXT);
      expect(bus?.kind === 'event' && bus.event).toEqual(logs?.kind === 'event' && logs.event);
      expect(bus).toMatchObject({ delivery: { via: 'eventbridge', from: type } });
    },
  );

  test('of another kind, or without detail, is parked', () => {
    expect(decode(onBus('EC2 Instance State-change Notification', {}), CONTEXT)).toMatchObject([
      { kind: 'rejected', reason: expect.stringContaining('narrow the EventBridge rule') },
    ]);
    expect(decode(onBus('GuardDuty Finding', 'x'), CONTEXT)).toMatchObject([
      { kind: 'rejected', reason: "'detail' is not an object" },
    ]);
    expect(decode(onBus('GuardDuty Finding', {}), CONTEXT)).toMatchObject([
      { kind: 'rejected', reason: 'the finding has no id' },
    ]);
  });
});

test('anything else is parked, never thrown', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (payload) => {
      expect(decode(payload, CONTEXT)).toMatchObject([{ kind: 'rejected' }]);
    }),
  );
});

describeCorpus('what CloudWatch Logs really hands over', () => {
  test.each([
    ['envelopes/awslambdago_cloudwatch_logs_event.json', 2],
    ['envelopes/powertools_cloudwatch_logs_lambda_event.json', 3],
  ])('%s decodes to %d events', (path, count) => {
    const decoded = decode(corpusJson(path), CONTEXT);
    expect(decoded.map(({ kind }) => kind)).toEqual(Array(count).fill('event'));
  });
});
