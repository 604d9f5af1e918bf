import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Alert } from '../../../lib/model/alert';
import { suppressionOf } from '../../../lib/model/suppression';
import type { Incident } from '../../../lib/model/incident';
import { alertItem } from '../../shared/store/alert-item';
import { createIncident, writeChange, type WriteItem } from '../../shared/store/incidents';
import { retryConflicts } from '../../shared/store/retry-conflicts';
import { recordSuppressed } from '../../shared/store/suppressions';
import { survivorOf } from '../../shared/store/survivor';
import { alertKey, incidentKey, type Table } from '../../shared/store/table';
import { joinIncident, openIncident } from './decide';
import type { TriageContext } from './triage-context';
import { groupingOf } from './grouping-keys';
import { mergeIncidents } from './merge-incidents';
import { movePointer, readPointers, type Pointer } from './incident-pointers';

/** What became of an alert: it is in an incident, or a suppression kept it quiet. */
export type Triaged = { readonly incident: Incident } | { readonly suppressedBy: string };

/**
 * Puts an alert into its incident, once: a delivery that was dealt with before gives that incident and changes
 * nothing. Alert, incident, timeline and pointers stand or fall together. An alert about what two open incidents are
 * about shows that those are one: the younger is merged into the older.
 */
export async function triageAlert(table: Table, alert: Alert, context: TriageContext): Promise<Triaged> {
  return retryConflicts(async () => {
    const known = await whatBecameOf(table, alert);
    if (known) return known;
    const { keys, isStrong } = groupingOf(alert);
    const pointers = await readPointers(table, keys);
    const open = await openIncidents(table, pointers, context.now);
    // Beside an open incident about the same entity nothing is kept quiet: there it may be a part of an attack.
    const suppression =
      open.length > 0 && isStrong ? undefined : suppressionOf(alert, context.settings.suppressions, context.now);
    if (suppression) {
      await recordSuppressed(table, alert, suppression, context.now);
      return { suppressedBy: suppression.name };
    }
    if (open.length === 0) return { incident: await create(table, alert, { pointers, context }) };
    // The window of a rule does not move: whoever hits it now and then would keep what comes later from paging.
    return { incident: await join(table, alert, open, { pointers: isStrong ? pointers : [], context }) };
  });
}

async function whatBecameOf(table: Table, alert: Alert): Promise<Triaged | undefined> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: alertKey(alert.finding_info.uid), ConsistentRead: true }),
  );
  if (!Item) return undefined;
  const { suppressedBy, incidentId } = Item as { suppressedBy?: string; incidentId?: string };
  if (suppressedBy !== undefined) return { suppressedBy };
  const incident = await survivorOf(table, incidentId ?? '');
  return incident && { incident };
}

/** Open incidents that the alert belongs to, within their window, the oldest first. */
async function openIncidents(table: Table, pointers: readonly Pointer[], now: Date): Promise<Incident[]> {
  const ids = new Set(
    pointers
      .filter(({ windowUntil }) => windowUntil !== undefined && windowUntil > now.toISOString())
      .flatMap(({ incidentId }) => incidentId ?? []),
  );
  const found = await Promise.all([...ids].map((id) => survivorOf(table, id)));
  const open = found.filter((incident) => incident !== undefined).filter(({ status }) => status === 'open');
  // Two entities may point at incidents that were merged into the same one.
  return [...new Map(open.map((incident) => [incident.id, incident])).values()].sort(
    (a, b) => a.openedAt.localeCompare(b.openedAt) || a.id.localeCompare(b.id),
  );
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
  open: readonly Incident[],
  { pointers, context }: { readonly pointers: readonly Pointer[]; readonly context: TriageContext },
): Promise<Incident> {
  const { incident, apart } = await mergeIncidents(table, open, context.now);
  const change = joinIncident(alert, incident, context);
  const until = windowUntil(context);
  // An entity that an incident is about which stays apart, stays with that one; the two are only linked.
  const mine = pointers.filter(({ incidentId }) => !apart.some(({ id }) => id === incidentId));
  const links = apart.map(({ id, because }) => ({
    stage: 'triage' as const,
    kind: 'note' as const,
    text: `Shares an entity with incident ${id}, and was not merged with it: ${because}`,
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

function alertItems(table: Table, alert: Alert, incidentId: string): WriteItem[] {
  return [
    {
      Put: {
        TableName: table.name,
        Item: { ...alertKey(alert.finding_info.uid), incidentId },
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    },
    {
      Put: {
        TableName: table.name,
        Item: { pk: incidentKey(incidentId).pk, sk: `ALERT#${alert.finding_info.uid}`, ...alertItem(alert) },
      },
    },
  ];
}

function windowUntil({ settings, now }: TriageContext): string {
  return new Date(now.getTime() + settings.windowMinutes * 60_000).toISOString();
}
