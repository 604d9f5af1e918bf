import { GetCommand, TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Incident } from '../../../lib/model/incident';
import type { TimelineEntry, TimelineRecord } from '../../../lib/model/timeline';
import { chain, emptyChain, type ChainHead } from '../../../lib/model/timeline-chain';
import { retryConflicts } from './retry-conflicts';
import { incidentKey, timelineKey, type Table } from './table';

export type WriteItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** What a stage wants to change, decided from the incident as it stands. */
export interface IncidentChange {
  readonly set?: Partial<Omit<Incident, 'id' | 'schemaVersion' | 'timelineLength' | 'timelineHash'>>;
  /** Fields to take away. */
  readonly remove?: readonly ('acknowledgement' | 'closedAt' | 'snooze')[];
  readonly entries: readonly TimelineEntry[];
  /** Other items that stand or fall with it; at most 80 a change (DynamoDB takes 100 in a transaction). */
  readonly also?: readonly WriteItem[];
}

export async function getIncident(table: Table, id: string): Promise<Incident | undefined> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: incidentKey(id), ConsistentRead: true }),
  );
  return Item?.['incident'] as Incident | undefined;
}

/**
 * Changes an incident and appends to its timeline in one transaction: both happen, or neither.
 * `decide` sees the newest state and may be called again after a lost race; undefined means "nothing to do".
 *
 * @throws Error where the incident does not exist.
 */
export async function changeIncident(
  table: Table,
  id: string,
  decide: (incident: Incident) => IncidentChange | undefined,
  now: () => Date = () => new Date(),
): Promise<{ readonly incident: Incident; readonly records: readonly TimelineRecord[] }> {
  return retryConflicts(async () => {
    const before = await getIncident(table, id);
    if (!before) throw new Error(`incident '${id}' does not exist`);
    const change = decide(before);
    if (!change) return { incident: before, records: [] };
    return writeChange(table, before, change, now());
  });
}

/**
 * One try to change an incident from a state that was read before.
 *
 * @throws TransactionCanceledException where it, or any of `also`, has changed since.
 */
export async function writeChange(
  table: Table,
  before: Incident,
  change: IncidentChange,
  now: Date,
): Promise<{ readonly incident: Incident; readonly records: readonly TimelineRecord[] }> {
  // The length of the timeline is what a racing write is noticed by.
  if (change.entries.length === 0) throw new Error(`a change of incident '${before.id}' must append to its timeline`);
  const { incident, records, items } = applyChange(table, before, change, now);
  await table.client.send(new TransactWriteCommand({ TransactItems: [...items, ...(change.also ?? [])] }));
  return { incident, records };
}

/**
 * The writes of a change, for a transaction in which more than one incident stands or falls.
 */
export function changeItems(table: Table, before: Incident, change: IncidentChange, now: Date): WriteItem[] {
  return [...applyChange(table, before, change, now).items, ...(change.also ?? [])];
}

/** Appends to the timeline and changes nothing else. */
export async function appendTimeline(table: Table, id: string, ...entries: TimelineEntry[]): Promise<void> {
  if (entries.length > 0) await changeIncident(table, id, () => ({ entries }));
}

/** The writes that create an incident; fail together where it, or any of `also`, exists already. */
export async function createIncident(
  table: Table,
  incident: Omit<Incident, 'timelineLength' | 'timelineHash'>,
  entries: readonly TimelineEntry[],
  also: readonly WriteItem[],
  now: Date,
): Promise<Incident> {
  const empty = emptyChain(incident.id);
  const { incident: created, items } = applyChange(
    table,
    { ...incident, timelineLength: empty.length, timelineHash: empty.hash },
    { entries },
    now,
  );
  await table.client.send(new TransactWriteCommand({ TransactItems: [...items, ...also] }));
  return created;
}

function applyChange(table: Table, before: Incident, change: IncidentChange, now: Date) {
  let head: ChainHead = { length: before.timelineLength, hash: before.timelineHash };
  const records = change.entries.map((entry) => {
    const record = chain(before.id, head, entry, now.toISOString());
    head = { length: record.sequence, hash: record.hash };
    return record;
  });
  const removed = Object.fromEntries((change.remove ?? []).map((field) => [field, undefined]));
  const incident: Incident = {
    ...before,
    ...change.set,
    ...removed,
    timelineLength: head.length,
    timelineHash: head.hash,
  };
  return {
    incident,
    records,
    items: [putIncident(table, before, incident), ...records.map((r) => putRecord(table, r))],
  };
}

function putIncident(table: Table, before: Incident, incident: Incident): WriteItem {
  const pendingSince = oldestPending(incident);
  const isNew = before.timelineLength === 0;
  return {
    Put: {
      TableName: table.name,
      Item: {
        ...incidentKey(incident.id),
        incident,
        status: incident.status,
        openedAt: incident.openedAt,
        timelineLength: incident.timelineLength,
        // The sparse index: only incidents with something unfinished carry these.
        ...(pendingSince && { pending: 'PENDING', pendingSince }),
      },
      ...(isNew
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : {
            ConditionExpression: 'timelineLength = :length',
            ExpressionAttributeValues: { ':length': before.timelineLength },
          }),
    },
  };
}

function oldestPending(incident: Incident): string | undefined {
  return Object.values(incident.handOvers)
    .filter((handOver) => handOver.state === 'pending')
    .map((handOver) => handOver.since)
    .sort()[0];
}

function putRecord(table: Table, record: TimelineRecord): WriteItem {
  return {
    Put: {
      TableName: table.name,
      Item: { ...timelineKey(record.incidentId, record.sequence), record },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}
