import { createHash, randomBytes } from 'node:crypto';
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { isNamed } from '../aws-error';
import type { WriteItem } from './incidents';
import { META, type Table } from './table';

/** What a link lets its bearer do; a token of one purpose is worth nothing for another. */
export type TokenPurpose = 'acknowledge' | 'approve';

/** What the store knows of a token: everything but the token. */
export interface TokenRecord {
  /** SHA-256 (hex) of the token. */
  readonly hash: string;
  readonly purpose: TokenPurpose;
  readonly incidentId: string;
  readonly pageId: string;
  readonly level: string;
  /** Label of the recipient that it was sent to. */
  readonly recipient: string;
  /** Seconds since the epoch; also the table's time to live, which AWS acts on days later. */
  readonly expiresAt: number;
  readonly usedAt?: string;
  /** What it decides about, where its purpose is `approve`. */
  readonly approves?: TokenApproval;
}

/** One plan for one containment, asked of one recipient. */
export interface TokenApproval {
  readonly approvalId: string;
  readonly containmentId: string;
  readonly planHash: string;
  /** Id of the recipient. */
  readonly recipientId: string;
}

/** 128 bits in base64url. */
const TOKEN = /^[A-Za-z0-9_-]{22}$/;

export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

const tokenKey = (hash: string) => ({ pk: `TOKEN#${hash}`, sk: META });

/** Makes a token of 128 random bits. Only its hash is stored: whoever reads the table cannot use a link. */
export async function issueToken(table: Table, ask: Omit<TokenRecord, 'hash' | 'usedAt'>): Promise<string> {
  const token = randomBytes(16).toString('base64url');
  const record: TokenRecord = { ...ask, hash: hashToken(token) };
  await table.client.send(
    new PutCommand({
      TableName: table.name,
      Item: { ...tokenKey(record.hash), ...record },
      ConditionExpression: 'attribute_not_exists(pk)',
    }),
  );
  return token;
}

/**
 * The record of a token that can be used now; undefined for one that is malformed, unknown, used, expired or meant
 * for something else. Each of them costs the same one read.
 */
export async function findToken(
  table: Table,
  token: string,
  purpose: TokenPurpose,
  now: Date,
): Promise<TokenRecord | undefined> {
  const record = await readToken(table, hashToken(token));
  return record && TOKEN.test(token) && record.purpose === purpose && unused(record, now) ? record : undefined;
}

/** Can a token that was found still be used? */
export async function isUsable(table: Table, token: TokenRecord, now: Date): Promise<boolean> {
  const record = await readToken(table, token.hash);
  return record !== undefined && unused(record, now);
}

async function readToken(table: Table, hash: string): Promise<TokenRecord | undefined> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: tokenKey(hash), ConsistentRead: true }),
  );
  return Item as TokenRecord | undefined;
}

function unused(record: TokenRecord, now: Date): boolean {
  return record.usedAt === undefined && record.expiresAt > seconds(now);
}

/** The write that uses a token up; fails, with whatever is written together with it, where it cannot be used. */
export function useToken(table: Table, token: TokenRecord, now: Date): WriteItem {
  return { Update: { ...useTokenInput(table, token, now) } };
}

/** Uses a token up by itself. False where somebody was faster. */
export async function burnToken(table: Table, token: TokenRecord, now: Date): Promise<boolean> {
  try {
    await table.client.send(new UpdateCommand(useTokenInput(table, token, now)));
    return true;
  } catch (error) {
    if (isNamed(error, 'ConditionalCheckFailedException')) return false;
    throw error;
  }
}

function useTokenInput(table: Table, token: TokenRecord, now: Date) {
  return {
    TableName: table.name,
    Key: tokenKey(token.hash),
    UpdateExpression: 'SET usedAt = :at',
    ConditionExpression: 'purpose = :purpose AND attribute_not_exists(usedAt) AND expiresAt > :now',
    ExpressionAttributeValues: { ':at': now.toISOString(), ':purpose': token.purpose, ':now': seconds(now) },
  };
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
