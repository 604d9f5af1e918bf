import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Incident } from '../../../lib/model/incident';
import type { TimelineEntry } from '../../../lib/model/timeline';
import { changeIncident } from './incidents';
import { incidentKey, type Table } from './table';

/**
 * Appends a record to the timeline unless it is there already: for steps that a state machine may run again. `name`
 * says which step. `decide` sees the newest incident; undefined means that there is nothing to record.
 *
 * @returns the incident as it stands.
 */
export async function recordOnce(
  table: Table,
  incidentId: string,
  name: string,
  decide: (incident: Incident) => TimelineEntry | undefined,
): Promise<Incident> {
  const Key = { pk: incidentKey(incidentId).pk, sk: `ONCE#${name}` };
  const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key, ConsistentRead: true }));
  const { incident } = await changeIncident(table, incidentId, (before) => {
    const entry = Item ? undefined : decide(before);
    if (!entry) return undefined;
    const once = { TableName: table.name, Item: Key, ConditionExpression: 'attribute_not_exists(pk)' };
    return { entries: [entry], also: [{ Put: once }] };
  });
  return incident;
}
