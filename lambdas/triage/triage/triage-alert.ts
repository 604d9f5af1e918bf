import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Alert } from '../../../lib/model/alert';
import type { Incident } from '../../../lib/model/incident';
import { createIncident, getIncident, writeChange, type WriteItem } from '../../shared/store/incidents';
import { retryConflicts } from '../../shared/store/retry-conflicts';
import { META, incidentKey, type Table } from '../../shared/store/table';
import { joinIncident, openIncident, strongEntities } from './decide';
import type { TriageContext } from './triage-context';
import { movePointer, readPointers, type Pointer } from './entity-pointers';

/**
 * Puts an alert into its incident, once: a delivery that was dealt with before gives that incident and changes
 * nothing. Alert, incident, timeline and pointers stand or fall together.
 */
export async function triageAlert(table: Table, alert: Alert, context: TriageContext): Promise<Incident> {
  return retryConflicts(async () => {
    const known = await incidentOfAlert(table, alert);
    if (known) return known;
    const pointers = await readPointers(table, strongEntities(alert));
    const open = await openIncidents(table, pointers, context.now);
    const [oldest] = open;
    return oldest
      ? join(table, alert, oldest, { pointers, open, context })
      : create(table, alert, { pointers, context });
  });
}

async function incidentOfAlert(table: Table, alert: Alert): Promise<Incident | undefined> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: alertKey(alert), ConsistentRead: true }),
  );
  return Item ? getIncident(table, Item['incidentId'] as string) : undefined;
}

/** Open incidents about any of the entities, within their window, the oldest first. */
async function openIncidents(table: Table, pointers: readonly Pointer[], now: Date): Promise<Incident[]> {
  const ids = new Set(
    pointers
      .filter(({ windowUntil }) => windowUntil !== undefined && windowUntil > now.toISOString())
      .flatMap(({ incidentId }) => incidentId ?? []),
  );
  const incidents = await Promise.all([...ids].map((id) => getIncident(table, id)));
  return incidents
    .filter((incident) => incident?.status === 'open')
    .filter((incident) => incident !== undefined)
    .sort((a, b) => a.openedAt.localeCompare(b.openedAt) || a.id.localeCompare(b.id));
}

async function create(
  table: Table,
  alert: Alert,
  { pointers, context }: { readonly pointers: readonly Pointer[]; readonly context: TriageContext },
): Promise<Incident> {
  const { incident, entries } = openIncident(alert, context);
  const until = windowUntil(context);
  const also = [
    ...alertItems(table, alert, incident.id),
    ...pointers.map((p) => movePointer(table, p, incident.id, until)),
  ];
  return createIncident(table, incident, entries, also, context.now);
}

async function join(
  table: Table,
  alert: Alert,
  incident: Incident,
  {
    pointers,
    open,
    context,
  }: { readonly pointers: readonly Pointer[]; readonly open: readonly Incident[]; readonly context: TriageContext },
): Promise<Incident> {
  const change = joinIncident(alert, incident, context);
  const others = open.filter(({ id }) => id !== incident.id);
  const until = windowUntil(context);
  // An entity that another open incident is about stays with that one; the two are only linked.
  const mine = pointers.filter(({ incidentId }) => !others.some(({ id }) => id === incidentId));
  const links = others.map(({ id }) => ({
    stage: 'triage' as const,
    kind: 'note' as const,
    text: `Shares an entity with incident ${id}`,
    by: 'triage',
    details: { related: id },
  }));
  const written = await writeChange(
    table,
    incident,
    {
      ...change,
      entries: [...change.entries, ...links],
      also: [...alertItems(table, alert, incident.id), ...mine.map((p) => movePointer(table, p, incident.id, until))],
    },
    context.now,
  );
  return written.incident;
}

const alertKey = (alert: Alert) => ({ pk: `ALERT#${alert.finding_info.uid}`, sk: META });

function alertItems(table: Table, alert: Alert, incidentId: string): WriteItem[] {
  return [
    {
      Put: {
        TableName: table.name,
        Item: { ...alertKey(alert), incidentId },
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    },
    {
      Put: {
        TableName: table.name,
        Item: { pk: incidentKey(incidentId).pk, sk: `ALERT#${alert.finding_info.uid}`, alert },
      },
    },
  ];
}

function windowUntil({ settings, now }: TriageContext): string {
  return new Date(now.getTime() + settings.windowMinutes * 60_000).toISOString();
}
