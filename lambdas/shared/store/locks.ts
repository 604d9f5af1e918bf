import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { isNamed } from '../aws-error';
import { META, type Table } from './table';

/** Whose a lock is. */
export interface LockOwner {
  readonly owner: string;
  /**
   * Which of the owner's runs: a number is an attempt, and a later one takes the lock over from an earlier one that
   * crashed; a text is an execution, whose lock no other one takes.
   */
  readonly run: number | string;
}

const NAMES = { '#owner': 'owner', '#run': 'run' };
/** A lock that a version took which knew no runs has none. */
const THIS_RUN = 'attribute_not_exists(#run) OR #run = :run';
const THIS_ATTEMPT_OR_EARLIER = 'attribute_not_exists(#run) OR #run <= :run';

/**
 * A fenced lock on a resource: contain and release, or two runbooks, never change it at once. The fence grows with
 * each new owner; a lock that its owner did not give back expires.
 */
export async function acquireLock(
  table: Table,
  ask: LockOwner & { readonly resource: string; readonly seconds: number; readonly now: Date },
): Promise<number | undefined> {
  const now = Math.floor(ask.now.getTime() / 1000);
  const mine = typeof ask.run === 'number' ? THIS_ATTEMPT_OR_EARLIER : THIS_RUN;
  try {
    const { Attributes } = await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: { pk: `LOCK#${ask.resource}`, sk: META },
        UpdateExpression: 'SET #owner = :owner, #run = :run, heldUntil = :until ADD fence :one',
        ConditionExpression: `attribute_not_exists(#owner) OR heldUntil < :now OR (#owner = :owner AND (${mine}))`,
        ExpressionAttributeNames: NAMES,
        ExpressionAttributeValues: {
          ':owner': ask.owner,
          ':run': ask.run,
          ':until': now + ask.seconds,
          ':now': now,
          ':one': 1,
        },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return Attributes?.['fence'] as number;
  } catch (error) {
    if (isNamed(error, 'ConditionalCheckFailedException')) return undefined;
    throw error;
  }
}

/** Gives a lock back; harmless where somebody else, or another run, has it by now. */
export async function releaseLock(table: Table, resource: string, { owner, run }: LockOwner): Promise<void> {
  try {
    await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: { pk: `LOCK#${resource}`, sk: META },
        UpdateExpression: 'REMOVE #owner, #run',
        ConditionExpression: `#owner = :owner AND (${THIS_RUN})`,
        ExpressionAttributeNames: NAMES,
        ExpressionAttributeValues: { ':owner': owner, ':run': run },
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
