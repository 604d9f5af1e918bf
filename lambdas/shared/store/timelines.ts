import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { TimelineRecord } from '../../../lib/model/timeline';
import { queryAll, queryPrefix, type Item } from './query-all';
import { incidentKey, timelineKey, type Table } from './table';

/** As many digits as a key has. */
const LAST_SEQUENCE = 99_999_999;

/** Records that are read at once when looking back. */
const PAGE = 100;

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
export async function readNewest(table: Table, id: string, limit: number): Promise<TimelineRecord[]> {
  return (await backFrom(table, id, LAST_SEQUENCE, limit)).reverse();
}

/** The newest records, in order: a hundred, and as many more as it takes until one of them is enough. */
export async function readBackTo(
  table: Table,
  id: string,
  isEnough: (record: TimelineRecord) => boolean,
): Promise<TimelineRecord[]> {
  const found: TimelineRecord[] = []; // The newest first.
  for (let from = LAST_SEQUENCE; from >= 0;) {
    const page = await backFrom(table, id, from, PAGE);
    found.push(...page);
    if (page.length < PAGE || page.some(isEnough)) break;
    from = (page.at(-1)?.sequence ?? 0) - 1;
  }
  return found.reverse();
}

/** Records from a number downwards. */
async function backFrom(table: Table, id: string, from: number, limit: number): Promise<TimelineRecord[]> {
  const items = await queryAll(
    table,
    {
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
      ExpressionAttributeValues: {
        ':pk': incidentKey(id).pk,
        ':first': timelineKey(id, 0).sk,
        ':last': timelineKey(id, from).sk,
      },
      ConsistentRead: true,
      ScanIndexForward: false,
    },
    limit,
  );
  return items.map(recordOf);
}

function recordOf(item: Item): TimelineRecord {
  return item['record'] as TimelineRecord;
}
