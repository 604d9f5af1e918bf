import { gzipSync } from 'node:zlib';
import type { Event } from '../../lib/model/event';
import type { JsonObject } from '../../lib/model/json';

export const HOME = '111122223333';

export const ALICE = {
  type: 'IAMUser',
  arn: `arn:aws:iam::${HOME}:user/alice`,
  accountId: HOME,
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  userName: 'alice',
};

/** A CloudTrail record; what is given replaces what is usual. */
export function record(more: JsonObject = {}): JsonObject {
  return {
    eventVersion: '1.11',
    userIdentity: ALICE,
    eventTime: '2026-03-01T09:30:00Z',
    eventSource: 'iam.amazonaws.com',
    eventName: 'CreateAccessKey',
    awsRegion: 'us-east-1',
    sourceIPAddress: '203.0.113.17',
    userAgent: 'aws-cli/2.22.0',
    requestParameters: { userName: 'bob' },
    responseElements: { accessKey: { accessKeyId: 'AKIAI44QH8DHBEXAMPLE', userName: 'bob' } },
    eventID: '00000000-0000-4000-8000-00000000abcd',
    eventType: 'AwsApiCall',
    recipientAccountId: HOME,
    ...more,
  };
}

export function event(more: JsonObject = {}): Event {
  const written = record(more);
  return {
    source: 'cloudtrail',
    id: '00000000-0000-4000-8000-00000000abcd',
    time: '2026-03-01T09:30:00.000Z',
    account: HOME,
    region: typeof written.awsRegion === 'string' ? written.awsRegion : 'us-east-1',
    record: written,
  };
}

/** What CloudWatch Logs calls a function with. */
export function delivery(lines: readonly unknown[], more: JsonObject = {}): JsonObject {
  const batch = {
    messageType: 'DATA_MESSAGE',
    owner: HOME,
    logGroup: 'trail',
    logStream: 'stream',
    subscriptionFilters: ['filter'],
    logEvents: lines.map((line, index) => ({
      id: `log-event-${index}`,
      timestamp: 1772357400000,
      message: typeof line === 'string' ? line : JSON.stringify(line),
    })),
    ...more,
  };
  return { awslogs: { data: gzipSync(JSON.stringify(batch)).toString('base64') } };
}

export function onBus(type: string, detail: unknown): JsonObject {
  return {
    version: '0',
    id: 'bus-event-1',
    'detail-type': type,
    source: 'aws.iam',
    account: HOME,
    time: '2026-03-01T09:30:05Z',
    region: 'us-east-1',
    detail: detail as JsonObject,
  };
}
