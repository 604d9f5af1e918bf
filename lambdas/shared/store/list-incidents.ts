import type { Incident } from '../../../lib/model/incident';
import { queryAll, type Item } from './query-all';
import type { Table } from './table';

/** Incidents by status, newest first. */
export function listIncidents(table: Table, status: Incident['status'], limit = 100): Promise<Incident[]> {
  return byStatus(table, { status, limit });
}

/** Incidents of a status that were opened since then, the newest first; so many at most. */
export function incidentsSince(
  table: Table,
  status: Incident['status'],
  since: string,
  limit: number,
): Promise<Incident[]> {
  return byStatus(table, { status, since, limit });
}

/** Every incident that is open now, the newest first. */
export function openIncidents(table: Table): Promise<Incident[]> {
  return byStatus(table, { status: 'open' });
}

/** Incidents with a hand-over that has been pending since before `before`, oldest first. */
export async function pendingIncidents(table: Table, before: Date): Promise<Incident[]> {
  const items = await queryAll(table, {
    IndexName: 'pending',
    KeyConditionExpression: 'pending = :pending AND pendingSince <= :before',
    ExpressionAttributeValues: { ':pending': 'PENDING', ':before': before.toISOString() },
  });
  return items.map(incidentOf);
}

async function byStatus(
  table: Table,
  { status, since, limit }: { readonly status: Incident['status']; readonly since?: string; readonly limit?: number },
): Promise<Incident[]> {
  const items = await queryAll(
    table,
    {
      IndexName: 'status',
      KeyConditionExpression: since === undefined ? '#status = :status' : '#status = :status AND openedAt >= :since',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':status': status, ...(since !== undefined && { ':since': since }) },
      ScanIndexForward: false,
    },
    limit,
  );
  return items.map(incidentOf);
}

function incidentOf(item: Item): Incident {
  return item['incident'] as Incident;
}
