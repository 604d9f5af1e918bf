import { setTimeout as pause } from 'node:timers/promises';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** Source: DynamoDB API reference, BatchWriteItem. */
const MAX_ITEMS = 25;
const ATTEMPTS = 6;
const PAUSE_MS = 50;

/** Writes items, in order, over what is there. What DynamoDB gives back unwritten is written again, and only that. */
export async function putAll(
  client: DynamoDBDocumentClient,
  table: string,
  items: readonly Record<string, unknown>[],
): Promise<void> {
  if (items.length === 0) return;
  const { BatchWriteCommand } = await import('@aws-sdk/lib-dynamodb');
  for (let from = 0; from < items.length; from += MAX_ITEMS) {
    let left: unknown[] = items.slice(from, from + MAX_ITEMS).map((Item) => ({ PutRequest: { Item } }));
    for (let attempt = 1; left.length > 0; attempt++) {
      if (attempt > ATTEMPTS)
        throw new Error(`${left.length} items were not taken by ${table} in ${ATTEMPTS} attempts`);
      if (attempt > 1) await pause(PAUSE_MS * 2 ** attempt);
      const { UnprocessedItems } = await client.send(new BatchWriteCommand({ RequestItems: { [table]: left as [] } }));
      left = UnprocessedItems?.[table] ?? [];
    }
  }
}
