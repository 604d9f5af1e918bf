import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { randomBytes } from 'node:crypto';
import type { CanaryState } from '../../../lib/model/canary';
import { isNamed } from '../aws-error';
import { META, type Table } from './table';
import { hashToken } from './tokens';

/** CloudTrail's log groups get events minutes late, sometimes a quarter of an hour; what is later is told to people. */
const VALID_SECONDS = 2 * 60 * 60;
const STATE = { pk: 'CANARIES', sk: 'LAST' };
const canaryKey = (hash: string) => ({ pk: `CANARY#${hash}`, sk: META });

/** The proof that a canary came to the end of the chain; its prefix is what the publisher's stream lets through. */
export const CANARY_END = 'TL#CANARY';

/** What the store knows of a canary: everything but its token. */
export interface Canary {
  /** SHA-256 (hex) of the token. */
  readonly hash: string;
  /** ISO 8601. */
  readonly sentAt: string;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
  /** The one alert that may use it. */
  readonly alertId?: string;
  readonly via?: string;
}

/** Registers a canary before it is sent. Only the hash is stored: whoever reads the table cannot send it. */
export async function registerCanary(table: Table, now: Date): Promise<string> {
  const token = randomBytes(16).toString('base64url');
  const hash = hashToken(token);
  const canary: Canary = {
    hash,
    sentAt: now.toISOString(),
    expiresAt: Math.floor(now.getTime() / 1000) + VALID_SECONDS,
  };
  await table.client.send(
    new PutCommand({
      TableName: table.name,
      Item: { ...canaryKey(hash), ...canary },
      ConditionExpression: 'attribute_not_exists(pk)',
    }),
  );
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: STATE,
      UpdateExpression: 'SET sentAt = :at',
      ExpressionAttributeValues: { ':at': canary.sentAt },
    }),
  );
  return token;
}

/**
 * Uses a canary up for one alert, atomically. Again for the same alert it is the same canary, since deliveries come
 * twice; for any other alert, or after it expired, it is none.
 */
export async function useCanary(
  table: Table,
  token: string,
  alert: { readonly id: string; readonly via: string },
  now: Date,
): Promise<Canary | undefined> {
  try {
    const { Attributes } = await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: canaryKey(hashToken(token)),
        UpdateExpression: 'SET alertId = :alert, via = if_not_exists(via, :via)',
        ConditionExpression:
          'attribute_exists(pk) AND expiresAt > :now AND (attribute_not_exists(alertId) OR alertId = :alert)',
        ExpressionAttributeValues: {
          ':alert': alert.id,
          ':via': alert.via,
          ':now': Math.floor(now.getTime() / 1000),
        },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return Attributes as Canary | undefined;
  } catch (error) {
    if (isNamed(error, 'ConditionalCheckFailedException')) return undefined;
    throw error;
  }
}

/** Writes down that a canary came to the end of the chain; the store's stream carries it on. Once, however often it is called. */
export async function endCanary(table: Table, hash: string, now: Date): Promise<void> {
  try {
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: {
          pk: canaryKey(hash).pk,
          sk: CANARY_END,
          canary: hash,
          expiresAt: Math.floor(now.getTime() / 1000) + VALID_SECONDS,
        },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
  } catch (error) {
    if (!isNamed(error, 'ConditionalCheckFailedException')) throw error;
  }
}

export async function getCanary(table: Table, hash: string): Promise<Canary | undefined> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: canaryKey(hash), ConsistentRead: true }),
  );
  return Item as Canary | undefined;
}

/** Keeps that a canary came all the way. */
export async function recordPassed(table: Table, canary: Canary, now: Date): Promise<number> {
  const seconds = Math.max(0, (now.getTime() - Date.parse(canary.sentAt)) / 1000);
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: STATE,
      UpdateExpression: 'SET passedAt = :at, seconds = :seconds, via = :via',
      ExpressionAttributeValues: { ':at': now.toISOString(), ':seconds': seconds, ':via': canary.via ?? 'unknown' },
    }),
  );
  return seconds;
}

export async function readCanaryState(table: Table): Promise<CanaryState> {
  const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key: STATE, ConsistentRead: true }));
  const { sentAt, passedAt, seconds, via } = (Item ?? {}) as CanaryState;
  return {
    ...(sentAt !== undefined && { sentAt }),
    ...(passedAt !== undefined && { passedAt }),
    ...(seconds !== undefined && { seconds }),
    ...(via !== undefined && { via }),
  };
}
