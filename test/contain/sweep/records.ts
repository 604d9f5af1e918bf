import { readRecord, type TrailRecord } from '../../../lambdas/contain/sweep/read-record';
import type { JsonObject } from '../../../lib/model/json';

export const ACCOUNT = '111122223333';
export const MALLORY = { kind: 'user', arn: `arn:aws:iam::${ACCOUNT}:user/mallory`, account: ACCOUNT } as const;

let count = 0;

export function asUser(name: string, more: JsonObject = {}): JsonObject {
  return { type: 'IAMUser', arn: `arn:aws:iam::${ACCOUNT}:user/${name}`, accountId: ACCOUNT, userName: name, ...more };
}

export function asSession(role: string, session: string, more: JsonObject = {}): JsonObject {
  return {
    type: 'AssumedRole',
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${session}`,
    accountId: ACCOUNT,
    sessionContext: { sessionIssuer: { type: 'Role', arn: `arn:aws:iam::${ACCOUNT}:role/${role}` } },
    ...more,
  };
}

/** A CloudTrail record as AWS writes it; each is a minute later than the one before. */
export function rawRecord(call: string, more: JsonObject = {}): JsonObject {
  const [service = '', eventName = ''] = call.split(':');
  count++;
  return {
    eventID: `event-${count}`,
    eventTime: new Date(Date.UTC(2026, 10, 21, 3, count % 600)).toISOString(),
    eventSource: `${service}.amazonaws.com`,
    eventName,
    awsRegion: 'us-east-1',
    recipientAccountId: ACCOUNT,
    readOnly: false,
    userIdentity: asUser('mallory'),
    requestParameters: null,
    responseElements: null,
    ...more,
  };
}

/** @throws Error where it is no record: a test means one. */
export function record(call: string, more: JsonObject = {}): TrailRecord {
  const read = readRecord(rawRecord(call, more));
  if (!read) throw new Error(`'${call}' is no record`);
  return read;
}
