import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { TimelineEntry } from '../../../lib/model/timeline';
import { changeIncident, type WriteItem } from './incidents';
import { incidentKey, type Table } from './table';

const markKey = (incidentId: string, mark: string) => ({ pk: incidentKey(incidentId).pk, sk: `ONCE#${mark}` });

/**
 * Appends to the timeline once for each mark, however often it is called: for work that may be killed between any two
 * steps and run again. False where it was done before; `also` is written together with the entries, or not at all.
 */
export async function appendOnce(
  table: Table,
  incidentId: string,
  mark: string,
  entries: readonly TimelineEntry[],
  also: readonly WriteItem[] = [],
): Promise<boolean> {
  if (await isMarked(table, incidentId, mark)) return false;
  const set: WriteItem = {
    Put: {
      TableName: table.name,
      Item: markKey(incidentId, mark),
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
  try {
    await changeIncident(table, incidentId, () => ({ entries, also: [set, ...also] }));
    return true;
  } catch (error) {
    // Somebody else set the mark in between.
    if (await isMarked(table, incidentId, mark)) return false;
    throw error;
  }
}

export async function isMarked(table: Table, incidentId: string, mark: string): Promise<boolean> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: markKey(incidentId, mark), ConsistentRead: true }),
  );
  return Item !== undefined;
}
