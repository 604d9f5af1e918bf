import type { Alert } from '../../../lib/model/alert';
import { alertOf } from './alert-item';
import { queryPrefix } from './query-all';
import { incidentKey, type Table } from './table';

/** Every alert of an incident, in order of arrival. */
export async function readAlerts(table: Table, id: string): Promise<Alert[]> {
  const items = await queryPrefix(table, incidentKey(id).pk, 'ALERT#');
  return items.map(alertOf).sort((a, b) => a.metadata.logged_time - b.metadata.logged_time);
}
