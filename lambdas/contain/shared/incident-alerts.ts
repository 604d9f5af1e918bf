import type { Alert } from '../../../lib/model/alert';
import { getContainment } from '../../shared/store/containments';
import { readAlerts } from '../../shared/store/alerts';
import { incidentTable, type Table } from '../../shared/store/table';
import type { ActionContext } from '../runbook-host/action';

/**
 * The alerts of every incident that holds a containment, on whose word something may be contained: those of application
 * logs, samples and foreign accounts are left out. A plan for nobody's incident has none.
 */
export async function enforceableAlerts(
  context: Pick<ActionContext, 'containmentId' | 'incidentId'>,
): Promise<Alert[]> {
  const table = incidentTable();
  const containment = await getContainment(table, context.containmentId);
  const incidents = new Set([context.incidentId, ...(containment?.holds ?? [])]);
  return enforceableAlertsOf(table, [...incidents]);
}

/** The same of incidents that are known. */
export async function enforceableAlertsOf(table: Table, incidents: readonly string[]): Promise<Alert[]> {
  const alerts = (await Promise.all(incidents.map((id) => readAlerts(table, id)))).flat();
  return alerts.filter(({ unmapped }) => unmapped.firebreak.neverEnforce.length === 0);
}
