import type { Alert } from '../../../lib/model/alert';
import { alertOf } from './alert-item';
import { queryPages } from './query-all';
import { incidentKey, type Table } from './table';

/**
 * Every alert of an incident, some of them at a time: whoever is at work may raise more of them than a function has memory. Ordered by
 * their ids, which says nothing of time.
 */
export async function* alertPages(table: Table, id: string): AsyncGenerator<Alert[]> {
  const pages = queryPages(table, {
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': incidentKey(id).pk, ':prefix': 'ALERT#' },
    ConsistentRead: true,
  });
  for await (const page of pages) yield page.map(alertOf);
}
