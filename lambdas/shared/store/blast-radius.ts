import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { isNamed } from '../aws-error';
import { META, type Table } from './table';

const DAY_SECONDS = 24 * 60 * 60;

/**
 * Takes one of the places that a runbook has in this hour, before anything is changed. One atomic write: the same
 * containment takes one place only, however often it asks. False where the hour is full.
 *
 * @throws any other error: whoever asks must refuse.
 */
export async function takePlace(
  table: Table,
  ask: { readonly runbook: string; readonly containmentId: string; readonly limit: number; readonly now: Date },
): Promise<boolean> {
  const hour = ask.now.toISOString().slice(0, 13);
  try {
    await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: { pk: `RATE#${ask.runbook}#${hour}`, sk: META },
        UpdateExpression: 'ADD taken :set SET expiresAt = :expiry',
        ConditionExpression: 'attribute_not_exists(taken) OR size(taken) < :limit OR contains(taken, :id)',
        ExpressionAttributeValues: {
          ':set': new Set([ask.containmentId]),
          ':id': ask.containmentId,
          ':limit': ask.limit,
          ':expiry': Math.floor(ask.now.getTime() / 1000) + 2 * DAY_SECONDS,
        },
      }),
    );
    return true;
  } catch (error) {
    if (isNamed(error, 'ConditionalCheckFailedException')) return false;
    throw error;
  }
}
