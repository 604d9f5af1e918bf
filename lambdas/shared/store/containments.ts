import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { ActionRecord, Containment, UndoRecord } from '../../../lib/model/containment';
import { isNamed } from '../aws-error';
import { queryAll, queryPrefix } from './query-all';
import { retryConflicts } from './retry-conflicts';
import { containmentKey, type Table } from './table';

export async function getContainment(table: Table, id: string): Promise<Containment | undefined> {
  return (await readContainment(table, id))?.containment;
}

async function readContainment(table: Table, id: string) {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: containmentKey(id), ConsistentRead: true }),
  );
  return Item as { containment: Containment; revision: number } | undefined;
}

/** Statuses under which an execution should be running: what the auditor looks at. */
const AT_WORK: readonly Containment['status'][] = ['starting', 'containing', 'verified', 'releasing'];

/**
 * Creates or changes a containment by a conditional write. `decide` sees the newest state (undefined: there is none
 * yet) and may be called again after a lost race; returning undefined leaves it as it is.
 */
export async function changeContainment(
  table: Table,
  id: string,
  decide: (containment: Containment | undefined) => Containment | undefined,
): Promise<Containment | undefined> {
  return retryConflicts(async () => {
    const before = await readContainment(table, id);
    const after = decide(before?.containment);
    if (!after) return before?.containment;
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: {
          ...containmentKey(id),
          containment: after,
          revision: (before?.revision ?? 0) + 1,
          ...(AT_WORK.includes(after.status) && { work: 'WORK', startedAt: after.startedAt }),
        },
        ...(before
          ? { ConditionExpression: 'revision = :revision', ExpressionAttributeValues: { ':revision': before.revision } }
          : { ConditionExpression: 'attribute_not_exists(pk)' }),
      }),
    );
    return after;
  });
}

/** Containments whose execution should be running, started before `before`. */
export async function containmentsAtWork(table: Table, before: Date): Promise<Containment[]> {
  const items = await queryAll(table, {
    IndexName: 'work',
    KeyConditionExpression: '#work = :work AND startedAt <= :before',
    ExpressionAttributeNames: { '#work': 'work' },
    ExpressionAttributeValues: { ':work': 'WORK', ':before': before.toISOString() },
  });
  return items.map((item) => item['containment'] as Containment);
}

/** Writes the state before, once. A second call gives back what the first one wrote: the true "before". */
export async function recordUndo(table: Table, undo: UndoRecord): Promise<UndoRecord> {
  const Key = { pk: containmentKey(undo.containmentId).pk, sk: `UNDO#${undo.generation}#${undo.action}` };
  try {
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { ...Key, undo },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
    return undo;
  } catch (error) {
    if (!isNamed(error, 'ConditionalCheckFailedException')) throw error;
    const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key, ConsistentRead: true }));
    return (Item as { undo: UndoRecord }).undo;
  }
}

export async function getUndo(
  table: Table,
  id: string,
  generation: number,
  action: string,
): Promise<UndoRecord | undefined> {
  const Key = { pk: containmentKey(id).pk, sk: `UNDO#${generation}#${action}` };
  const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key, ConsistentRead: true }));
  return Item?.['undo'] as UndoRecord | undefined;
}

/** Where an action stands now; the newest word wins, the timeline keeps them all. */
export async function putAction(table: Table, record: ActionRecord): Promise<void> {
  await table.client.send(
    new PutCommand({
      TableName: table.name,
      Item: {
        pk: containmentKey(record.containmentId).pk,
        sk: `ACTION#${record.generation}#${record.action}`,
        action: record,
      },
    }),
  );
}

export async function readActions(table: Table, id: string, generation: number): Promise<ActionRecord[]> {
  const items = await queryPrefix(table, containmentKey(id).pk, `ACTION#${generation}#`);
  return items.map((item) => item['action'] as ActionRecord);
}

/** All containments that an incident holds are named by its hand-overs; this reads them. */
export async function readContainments(table: Table, ids: readonly string[]): Promise<Containment[]> {
  const found = await Promise.all(ids.map((id) => getContainment(table, id)));
  return found.filter((containment) => containment !== undefined);
}
