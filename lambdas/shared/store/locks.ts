import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { isNamed } from '../aws-error';
import { META, type Table } from './table';

/**
 * A fenced lock on a resource: contain and release, or two runbooks, never change it at once. The fence grows with
 * each new owner; a lock that its owner did not give back expires.
 */
export async function acquireLock(
  table: Table,
  ask: { readonly resource: string; readonly owner: string; readonly seconds: number; readonly now: Date },
): Promise<number | undefined> {
  const now = Math.floor(ask.now.getTime() / 1000);
  try {
    const { Attributes } = await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: { pk: `LOCK#${ask.resource}`, sk: META },
        UpdateExpression: 'SET #owner = :owner, heldUntil = :until ADD fence :one',
        ConditionExpression: 'attribute_not_exists(#owner) OR #owner = :owner OR heldUntil < :now',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: { ':owner': ask.owner, ':until': now + ask.seconds, ':now': now, ':one': 1 },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return Attributes?.['fence'] as number;
  } catch (error) {
    if (isNamed(error, 'ConditionalCheckFailedException')) return undefined;
    throw error;
  }
}

/** Gives a lock back; harmless where somebody else has it by now. */
export async function releaseLock(table: Table, resource: string, owner: string): Promise<void> {
  try {
    await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: { pk: `LOCK#${resource}`, sk: META },
        UpdateExpression: 'REMOVE #owner',
        ConditionExpression: '#owner = :owner',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: { ':owner': owner },
      }),
    );
  } catch (error) {
    if (!isNamed(error, 'ConditionalCheckFailedException')) throw error;
  }
}

/** True while `owner` holds the lock under this fence: asked again before each change. */
export async function holdsLock(
  table: Table,
  ask: { readonly resource: string; readonly owner: string; readonly fence: number; readonly now: Date },
): Promise<boolean> {
  try {
    await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: { pk: `LOCK#${ask.resource}`, sk: META },
        UpdateExpression: 'SET checkedAt = :now',
        ConditionExpression: '#owner = :owner AND fence = :fence AND heldUntil > :now',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: {
          ':owner': ask.owner,
          ':fence': ask.fence,
          ':now': Math.floor(ask.now.getTime() / 1000),
        },
      }),
    );
    return true;
  } catch (error) {
    if (isNamed(error, 'ConditionalCheckFailedException')) return false;
    throw error;
  }
}
