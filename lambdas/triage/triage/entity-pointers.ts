import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import { entityKey, type Entity } from '../../../lib/model/entity';
import { sha256 } from '../../../lib/model/ids';
import type { WriteItem } from '../../shared/store/incidents';
import { META, type Table } from '../../shared/store/table';

/** Which incident an entity belongs to, and until when it takes new alerts. */
export interface Pointer {
  readonly entity: Entity;
  readonly incidentId?: string;
  readonly windowUntil?: string;
}

// An ARN can be longer than what a key may hold with its prefix; the hash never is.
const keyOf = (entity: Entity) => ({ pk: `ENTITY#${sha256(entityKey(entity))}`, sk: META });

export async function readPointers(table: Table, entities: readonly Entity[]): Promise<Pointer[]> {
  if (entities.length === 0) return [];
  let keys: Record<string, unknown>[] = entities.map(keyOf);
  const found = new Map<string, Record<string, unknown>>();
  while (keys.length > 0) {
    const answer = await table.client.send(
      new BatchGetCommand({ RequestItems: { [table.name]: { Keys: keys, ConsistentRead: true } } }),
    );
    for (const item of answer.Responses?.[table.name] ?? []) found.set(item['pk'] as string, item);
    keys = answer.UnprocessedKeys?.[table.name]?.Keys ?? [];
  }
  return entities.map((entity) => {
    const item = found.get(keyOf(entity).pk);
    return {
      entity,
      incidentId: item?.['incidentId'] as string | undefined,
      windowUntil: item?.['windowUntil'] as string | undefined,
    };
  });
}

/** Points an entity at an incident; fails where somebody moved the pointer since it was read. */
export function movePointer(table: Table, pointer: Pointer, incidentId: string, windowUntil: string): WriteItem {
  return {
    Put: {
      TableName: table.name,
      Item: {
        ...keyOf(pointer.entity),
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
