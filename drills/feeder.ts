import { PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { textAt, type JsonObject } from '../lib/model/json';
import { deliverAwsEvent } from '../local/deliver-event';
import type { DrillApi } from './clients';
import type { Company } from './company';

/** Writes records into the trail's log group, as CloudTrail does. Gives when that was. */
export async function putIntoTrail(
  api: DrillApi,
  trail: Company['trail'],
  records: readonly JsonObject[],
): Promise<number> {
  const timestamp = Date.now();
  await api.logs.send(
    new PutLogEventsCommand({
      logGroupName: trail.logGroup,
      logStreamName: trail.logStream,
      logEvents: records.map((record) => ({ timestamp, message: JSON.stringify(record) })),
    }),
  );
  return timestamp;
}

/** Sends a record by EventBridge too: the same event by the other way. */
export async function putOnBus(api: DrillApi, record: JsonObject): Promise<void> {
  await deliverAwsEvent(api, {
    source: `aws.${(textAt(record, 'eventSource') ?? '').replace('.amazonaws.com', '')}`,
    'detail-type': 'AWS API Call via CloudTrail',
    detail: record,
  });
}
