import { QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Table } from './table';

export type Item = Record<string, unknown>;

/**
 * What a query finds, in its order, however many pages that takes: DynamoDB gives 1 MB at a time.
 *
 * @param most no more than so many items.
 */
export async function queryAll(
  table: Table,
  query: Omit<QueryCommandInput, 'TableName' | 'Limit' | 'ExclusiveStartKey'>,
  most?: number,
): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of queryPages(table, query, most)) items.push(...page);
  return items;
}

/** The same, a page at a time: whoever needs little of each keeps only that in memory. */
export async function* queryPages(
  table: Table,
  query: Omit<QueryCommandInput, 'TableName' | 'Limit' | 'ExclusiveStartKey'>,
  most?: number,
): AsyncGenerator<Item[]> {
  let found = 0;
  let ExclusiveStartKey: Item | undefined;
  do {
    const page = await table.client.send(
      new QueryCommand({
        ...query,
        TableName: table.name,
        Limit: most === undefined ? undefined : most - found,
        ExclusiveStartKey,
      }),
    );
    yield page.Items ?? [];
    found += page.Items?.length ?? 0;
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey && (most === undefined || found < most));
}

/** All of one kind that belong to one thing, as the table's keys have it; the newest state. */
export function queryPrefix(table: Table, pk: string, prefix: string): Promise<Item[]> {
  return queryAll(table, {
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': pk, ':prefix': prefix },
    ConsistentRead: true,
  });
}
