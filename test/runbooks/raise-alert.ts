import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { randomUUID } from 'node:crypto';
import { cloudTrailEvent } from '../../lambdas/detect/detector/cloudtrail-event';
import { guardDutyEvent } from '../../lambdas/detect/detector/guardduty-event';
import { toAlert } from '../../lambdas/detect/detector/to-alert';
import { alertItem } from '../../lambdas/shared/store/alert-item';
import { incidentKey } from '../../lambdas/shared/store/table';
import type { Alert } from '../../lib/model/alert';
import type { Event } from '../../lib/model/event';
import type { JsonObject } from '../../lib/model/json';
import type { AboutRule } from '../../lib/sigma/compiled-rules';
import type { World } from '../contain/world';

export const ACCOUNT = '000000000000';
const RULE: AboutRule = {
  id: '6b0d1a34-0000-4000-8000-000000000001',
  title: 'A rule',
  description: '',
  status: 'test',
  author: 'Firebreak',
  level: 'high',
  tags: [],
  falsepositives: [],
};

/** A CloudTrail record of this account; what is given replaces what is usual. */
export function trailRecord(more: JsonObject): JsonObject {
  return {
    eventVersion: '1.11',
    eventTime: new Date().toISOString(),
    eventSource: 'iam.amazonaws.com',
    eventName: 'AttachUserPolicy',
    awsRegion: 'us-east-1',
    sourceIPAddress: '203.0.113.17',
    requestParameters: null,
    responseElements: null,
    eventID: randomUUID(),
    eventType: 'AwsApiCall',
    recipientAccountId: ACCOUNT,
    ...more,
  };
}

/** A session of a role, as CloudTrail writes it; what is given is written beside the session. */
export function roleSession(roleArn: string, session: string, more: JsonObject = {}): JsonObject {
  const name = roleArn.split('/').at(-1) ?? '';
  return {
    type: 'AssumedRole',
    principalId: `AROAEXAMPLE:${session}`,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/${session}`,
    accountId: ACCOUNT,
    accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    sessionContext: {
      sessionIssuer: { type: 'Role', arn: roleArn, accountId: ACCOUNT, userName: name },
      ...more,
    },
  };
}

/** As the detector would: the record becomes an alert of an incident. */
export async function raiseAlert(world: World, incidentId: string, record: JsonObject): Promise<Alert> {
  return keep(world, incidentId, cloudTrailEvent(record, {}, new Date()));
}

export async function raiseFinding(world: World, incidentId: string, finding: JsonObject): Promise<Alert> {
  const event = guardDutyEvent(finding, {}, new Date());
  if (!event) throw new Error('the finding has no id');
  return keep(world, incidentId, event);
}

async function keep(world: World, incidentId: string, event: Event): Promise<Alert> {
  const now = new Date();
  const alert = toAlert(
    { rule: RULE, because: [] },
    event,
    { via: 'eventbridge', from: 'test', receivedAt: now.toISOString() },
    { now, homeAccount: ACCOUNT },
  );
  await world.table.client.send(
    new PutCommand({
      TableName: world.table.name,
      Item: { pk: incidentKey(incidentId).pk, sk: `ALERT#${alert.finding_info.uid}`, ...alertItem(alert) },
    }),
  );
  return alert;
}
