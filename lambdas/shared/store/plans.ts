import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { PlanToApprove } from '../../../lib/model/approval';
import { containmentKey, type Table } from './table';

/** What an attempt would change, as read when it was asked. */
export interface StoredPlan {
  readonly plan: PlanToApprove;
  /** SHA-256; see `planHash`. */
  readonly hash: string;
}

const planKey = (containmentId: string, attempt: number) => ({
  pk: containmentKey(containmentId).pk,
  sk: `PLAN#${attempt}`,
});

export async function putPlan(table: Table, containmentId: string, attempt: number, plan: StoredPlan): Promise<void> {
  await table.client.send(
    new PutCommand({ TableName: table.name, Item: { ...planKey(containmentId, attempt), ...plan } }),
  );
}

export async function getPlan(table: Table, containmentId: string, attempt: number): Promise<StoredPlan | undefined> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: planKey(containmentId, attempt), ConsistentRead: true }),
  );
  return Item && { plan: Item['plan'] as PlanToApprove, hash: Item['hash'] as string };
}
