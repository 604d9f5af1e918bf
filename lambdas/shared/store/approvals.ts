import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Approval } from '../../../lib/model/approval';
import type { WriteItem } from './incidents';
import { queryAll } from './query-all';
import { META, type Table } from './table';

const approvalKey = (id: string) => ({ pk: `APPROVAL#${id}`, sk: META });

/** An approval, and the levels of the chain whose people got a link. */
export interface StoredApproval {
  readonly approval: Approval;
  readonly askedLevels: readonly string[];
}

export async function readApproval(table: Table, id: string): Promise<StoredApproval | undefined> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: approvalKey(id), ConsistentRead: true }),
  );
  return Item && stored(Item);
}

export async function getApproval(table: Table, id: string): Promise<Approval | undefined> {
  return (await readApproval(table, id))?.approval;
}

/** The write that asks; fails, with whatever is written together with it, where the question was asked before. */
export function createApproval(table: Table, approval: Approval): WriteItem {
  return {
    Put: {
      TableName: table.name,
      Item: { ...approvalKey(approval.id), approval, ...listed(approval) },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

/** The write that changes an approval as it was read; fails, with all of its transaction, where somebody was faster. */
export function changeApproval(table: Table, before: Approval, change: Partial<Approval>): WriteItem {
  const after: Approval = { ...before, ...change, revision: before.revision + 1 };
  const list = listed(after);
  return {
    Update: {
      TableName: table.name,
      Key: approvalKey(before.id),
      UpdateExpression: list
        ? 'SET approval = :after, #work = :work, startedAt = :at'
        : 'SET approval = :after REMOVE #work, startedAt',
      ConditionExpression: 'approval.revision = :revision',
      ExpressionAttributeNames: { '#work': 'work' },
      ExpressionAttributeValues: {
        ':after': after,
        ':revision': before.revision,
        ...(list && { ':work': list.work, ':at': list.startedAt }),
      },
    },
  };
}

/** Only what waits is in the index, by the time at which it is over. */
function listed(approval: Approval): { readonly work: string; readonly startedAt: string } | undefined {
  return approval.status === 'waiting' ? { work: 'APPROVAL', startedAt: approval.expiresAt } : undefined;
}

/** Notes that the people of a level were asked. */
export async function noteAskedLevel(table: Table, id: string, level: string): Promise<void> {
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: approvalKey(id),
      UpdateExpression: 'ADD askedLevels :level',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':level': new Set([level]) },
    }),
  );
}

/** Approvals that nobody decided in time, as the index knows them; it lags: read them again. */
export async function overdueApprovals(table: Table, now: Date): Promise<string[]> {
  const items = await queryAll(table, {
    IndexName: 'work',
    KeyConditionExpression: '#work = :work AND startedAt <= :now',
    ExpressionAttributeNames: { '#work': 'work' },
    ExpressionAttributeValues: { ':work': 'APPROVAL', ':now': now.toISOString() },
  });
  return items.map((item) => (item['approval'] as Approval).id);
}

function stored(item: Record<string, unknown>): StoredApproval {
  return {
    approval: item['approval'] as Approval,
    askedLevels: [...((item['askedLevels'] as Set<string> | undefined) ?? [])],
  };
}
