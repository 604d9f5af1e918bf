import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Containment } from '../../../lib/model/containment';
import { isNamed } from '../aws-error';
import { queryPrefix } from './query-all';
import { containmentKey, type Table } from './table';

/** A sweep after one attempt of a containment, which an execution has begun. */
export interface SweepClaim {
  readonly generation: number;
  readonly attempt: number;
  readonly execution: string;
}

/**
 * Says that this execution sweeps after an attempt of a containment. False where another one does: events come more
 * than once.
 */
export async function claimSweep(
  table: Table,
  { id, generation, attempt }: Pick<Containment, 'id' | 'generation' | 'attempt'>,
  execution: string,
): Promise<boolean> {
  const Key = { pk: containmentKey(id).pk, sk: `SWEEP#${generation}#${attempt}` };
  try {
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { ...Key, execution },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
    return true;
  } catch (error) {
    if (!isNamed(error, 'ConditionalCheckFailedException')) throw error;
    const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key, ConsistentRead: true }));
    return Item?.['execution'] === execution;
  }
}

/** The sweeps after a containment that were begun. */
export async function sweepClaims(table: Table, containmentId: string): Promise<SweepClaim[]> {
  const items = await queryPrefix(table, containmentKey(containmentId).pk, 'SWEEP#');
  return items.map(({ sk, execution }) => {
    const [, generation = 0, attempt = 0] = String(sk).split('#').map(Number);
    return { generation, attempt, execution: String(execution) };
  });
}
