import { PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { textAt, type JsonObject } from '../lib/model/json';
import { matchesPattern } from '../lib/sigma/filter-pattern';
import { deliverAwsEvent } from '../local/deliver-event';
import type { DrillApi } from './clients';
import type { FilteredTrail } from './company';

/**
 * Writes records into the trail's log group, as CloudTrail does. The embedded AWS delivers whatever is in it, so that what
 * the deployed filter patterns keep away is left out here. Gives when that was.
 */
export async function putIntoTrail(
  api: DrillApi,
  trail: FilteredTrail,
  records: readonly JsonObject[],
): Promise<number> {
  const timestamp = Date.now();
  const messages = records.map((record) => JSON.stringify(record));
  const delivered = messages.filter((message) => trail.patterns.some((pattern) => matchesPattern(pattern, message)));
  if (delivered.length === 0) return timestamp;
  await api.logs.send(
    new PutLogEventsCommand({
      logGroupName: trail.logGroup,
      logStreamName: trail.logStream,
      logEvents: delivered.map((message) => ({ timestamp, message })),
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
