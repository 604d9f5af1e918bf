import { getIncident } from '../../shared/store/incidents';
import type { Table } from '../../shared/store/table';

/** How many records an incident and those merged into it have now; undefined where there is no such incident. */
export async function countRecords(table: Table, incidentId: string): Promise<number | undefined> {
  const incident = await getIncident(table, incidentId);
  if (!incident) return undefined;
  const merged = await Promise.all((incident.mergedFrom ?? []).map((id) => getIncident(table, id)));
  return merged.reduce((sum, one) => sum + (one?.timelineLength ?? 0), incident.timelineLength);
}
