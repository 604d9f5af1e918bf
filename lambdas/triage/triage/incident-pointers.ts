import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import { sha256 } from '../../../lib/model/ids';
import type { WriteItem } from '../../shared/store/incidents';
import { META, type Table } from '../../shared/store/table';

/** Which incident alerts about an entity, or of a rule, belong to, and until when it takes new ones. */
export interface Pointer {
  /** From `groupingOf`. */
  readonly key: string;
  readonly incidentId?: string;
  readonly windowUntil?: string;
}

// An ARN can be longer than what a key may hold with its prefix; the hash never is.
const keyOf = (key: string) => ({ pk: `ENTITY#${sha256(key)}`, sk: META });

export async function readPointers(table: Table, grouping: readonly string[]): Promise<Pointer[]> {
  if (grouping.length === 0) return [];
  let keys: Record<string, unknown>[] = grouping.map(keyOf);
  const found = new Map<string, Record<string, unknown>>();
  while (keys.length > 0) {
    const answer = await table.client.send(
      new BatchGetCommand({ RequestItems: { [table.name]: { Keys: keys, ConsistentRead: true } } }),
    );
    for (const item of answer.Responses?.[table.name] ?? []) found.set(item['pk'] as string, item);
    keys = answer.UnprocessedKeys?.[table.name]?.Keys ?? [];
  }
  return grouping.map((key) => {
    const item = found.get(keyOf(key).pk);
    return {
      key,
      incidentId: item?.['incidentId'] as string | undefined,
      windowUntil: item?.['windowUntil'] as string | undefined,
    };
  });
}

/** Points an entity, or a rule, at an incident; fails where somebody moved the pointer since it was read. */
export function movePointer(table: Table, pointer: Pointer, incidentId: string, windowUntil: string): WriteItem {
  return {
    Put: {
      TableName: table.name,
      Item: {
        ...keyOf(pointer.key),
        incidentId,
        windowUntil,
        expiresAt: Math.floor(Date.parse(windowUntil) / 1000) + 24 * 60 * 60,
      },
      ...(pointer.incidentId === undefined
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : {
            ConditionExpression: 'incidentId = :read',
            ExpressionAttributeValues: { ':read': pointer.incidentId },
          }),
    },
  };
}
