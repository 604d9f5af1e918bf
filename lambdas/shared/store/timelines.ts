import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { TimelineRecord } from '../../../lib/model/timeline';
import { queryAll, queryPrefix, type Item } from './query-all';
import { incidentKey, timelineKey, type Table } from './table';

/** As many digits as a key has. */
const LAST_SEQUENCE = 99_999_999;

/** The whole timeline, in order. */
export async function readTimeline(table: Table, id: string): Promise<TimelineRecord[]> {
  return (await queryPrefix(table, incidentKey(id).pk, 'TL#')).map(recordOf);
}

export async function readRecord(table: Table, id: string, sequence: number): Promise<TimelineRecord | undefined> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: timelineKey(id, sequence), ConsistentRead: true }),
  );
  return Item && recordOf(Item);
}

/** What was recorded after a record, in order. */
export async function readTimelineAfter(table: Table, id: string, sequence: number): Promise<TimelineRecord[]> {
  const items = await queryAll(table, {
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
    ExpressionAttributeValues: {
      ':pk': incidentKey(id).pk,
      ':first': timelineKey(id, sequence + 1).sk,
      ':last': timelineKey(id, LAST_SEQUENCE).sk,
    },
    ConsistentRead: true,
  });
  return items.map(recordOf);
}

/** The newest records of a timeline, in order. */
export async function readNewest(table: Table, id: string, limit = 100): Promise<TimelineRecord[]> {
  const items = await queryAll(
    table,
    {
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': incidentKey(id).pk, ':prefix': 'TL#' },
      ConsistentRead: true,
      ScanIndexForward: false,
    },
    limit,
  );
  return items.map(recordOf).reverse();
}

function recordOf(item: Item): TimelineRecord {
  return item['record'] as TimelineRecord;
}
