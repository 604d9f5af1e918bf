import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { TimelineRecord } from '../../../lib/model/timeline';
import { queryAll, queryPages, queryPrefix, type Item } from './query-all';
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
  return (await queryAll(table, after(id, sequence))).map(recordOf);
}

/** A piece of a timeline. */
export interface TimelinePart {
  readonly records: readonly TimelineRecord[];
  /** How much they weigh as JSON. */
  readonly bytes: number;
  /** The sequence by which the last one is kept, or that after which was read: where the next part goes on. */
  readonly upTo: number;
  /** Whether nothing comes after them. */
  readonly ends: boolean;
}

/** What was recorded after a record, in order, as far as it weighs no more than `bytes` as JSON. */
export async function readTimelinePart(
  table: Table,
  id: string,
  sequence: number,
  bytes: number,
): Promise<TimelinePart> {
  const records: TimelineRecord[] = [];
  let [upTo, weight] = [sequence, 0];
  for await (const items of queryPages(table, after(id, sequence))) {
    for (const item of items) {
      const record = recordOf(item);
      const more = Buffer.byteLength(JSON.stringify(record)) + 1;
      if (weight + more > bytes) return { records, bytes: weight, upTo, ends: false };
      records.push(record);
      weight += more;
      // By its key: what stands in a record may have been tampered with, and nothing of it may be passed over.
      upTo = Number(String(item['sk']).slice('TL#'.length));
    }
  }
  return { records, bytes: weight, upTo, ends: true };
}

/** A whole timeline in order, some at a time. */
export async function* timelineInParts(table: Table, id: string): AsyncGenerator<TimelineRecord[]> {
  for await (const items of queryPages(table, after(id, 0))) yield items.map(recordOf);
}

/** The newest records of a timeline, in order. */
export async function readNewest(table: Table, id: string, limit: number): Promise<TimelineRecord[]> {
  return (await backFrom(table, id, LAST_SEQUENCE, limit)).reverse();
}

/** The newest records of those that are looked for, in order: one at least, where there is one. However many others lie before them, few are in memory. */
export async function findNewest(
  table: Table,
  id: string,
  isWanted: (record: TimelineRecord) => boolean,
): Promise<TimelineRecord[]> {
  for (let from = LAST_SEQUENCE; from >= 0;) {
    const page = await backFrom(table, id, from, PAGE);
    const wanted = page.filter(isWanted);
    if (wanted.length > 0) return wanted.reverse();
    if (page.length < PAGE) break;
    from = (page.at(-1)?.sequence ?? 0) - 1;
  }
  return [];
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

function after(id: string, sequence: number) {
  return {
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
    ExpressionAttributeValues: {
      ':pk': incidentKey(id).pk,
      ':first': timelineKey(id, sequence + 1).sk,
      ':last': timelineKey(id, LAST_SEQUENCE).sk,
    },
    ConsistentRead: true,
  };
}

function recordOf(item: Item): TimelineRecord {
  return item['record'] as TimelineRecord;
}
