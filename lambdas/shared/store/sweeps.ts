import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Containment } from '../../../lib/model/containment';
import { isNamed } from '../aws-error';
import { containmentKey, type Table } from './table';

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
