import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Incident } from '../../../lib/model/incident';
import type { TimelineEntry } from '../../../lib/model/timeline';
import { getIncident, writeChange, type WriteItem } from './incidents';
import { retryConflicts } from './retry-conflicts';
import { incidentKey, type Table } from './table';

const markKey = (incidentId: string, mark: string) => ({ pk: incidentKey(incidentId).pk, sk: `ONCE#${mark}` });

/**
 * Appends to the timeline once for each mark, however often it is called: for work that may be killed between any two
 * steps and run again. False where it was done before; `also` is written together with the entries, or not at all.
 */
export async function appendOnce(
  table: Table,
  incidentId: string,
  mark: string,
  entries: readonly TimelineEntry[],
  also: readonly WriteItem[] = [],
): Promise<boolean> {
  return (await writeOnce(table, incidentId, mark, () => entries, also)).written;
}

/**
 * The same for one record that is decided from the newest state of the incident; undefined means that there is nothing
 * to record.
 *
 * @returns the incident as it stands.
 */
export async function recordOnce(
  table: Table,
  incidentId: string,
  mark: string,
  decide: (incident: Incident) => TimelineEntry | undefined,
): Promise<Incident> {
  const once = await writeOnce(table, incidentId, mark, (incident) => {
    const entry = decide(incident);
    return entry ? [entry] : [];
  });
  return once.incident;
}

export async function isMarked(table: Table, incidentId: string, mark: string): Promise<boolean> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: markKey(incidentId, mark), ConsistentRead: true }),
  );
  return Item !== undefined;
}

async function writeOnce(
  table: Table,
  incidentId: string,
  mark: string,
  decide: (incident: Incident) => readonly TimelineEntry[],
  also: readonly WriteItem[] = [],
): Promise<{ readonly incident: Incident; readonly written: boolean }> {
  // The mark is asked for again after each lost race: whoever won may have set it.
  return retryConflicts(async () => {
    const [marked, before] = await Promise.all([isMarked(table, incidentId, mark), getIncident(table, incidentId)]);
    if (!before) throw new Error(`incident '${incidentId}' does not exist`);
    const entries = marked ? [] : decide(before);
    if (entries.length === 0) return { incident: before, written: false };
    const set: WriteItem = {
      Put: {
        TableName: table.name,
        Item: markKey(incidentId, mark),
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    };
    const { incident } = await writeChange(table, before, { entries, also: [set, ...also] }, new Date());
    return { incident, written: true };
  });
}
