import type { Alert } from '../../../lib/model/alert';
import { alertPages } from '../../shared/store/alerts';
import { getContainment } from '../../shared/store/containments';
import { incidentTable, type Table } from '../../shared/store/table';
import type { ActionContext } from '../runbook-host/action';

/** What somebody wants of each alert: only that is kept, since an attacker may raise more alerts than a function has memory. */
export type Wanted<T> = (alert: Alert) => readonly T[];

/**
 * What the alerts of every incident that holds a containment give, of those on whose word something may be contained: those of application
 * logs, samples and foreign accounts are left out. A plan for nobody's incident has none.
 */
export async function fromEnforceableAlerts<T>(
  context: { readonly containmentId: ActionContext['containmentId']; readonly incidentId: ActionContext['incidentId'] },
  pick: Wanted<T>,
): Promise<T[]> {
  const table = incidentTable();
  const containment = await getContainment(table, context.containmentId);
  const incidents = new Set([context.incidentId, ...(containment?.holds ?? [])]);
  const found: T[] = [];
  for (const id of incidents) found.push(...(await fromEnforceableAlertsOf(table, id, pick)));
  return found;
}

/** The same of one incident. */
export async function fromEnforceableAlertsOf<T>(table: Table, incident: string, pick: Wanted<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const alerts of alertPages(table, incident)) {
    const enforceable = alerts.filter(({ unmapped }) => unmapped.firebreak.neverEnforce.length === 0);
    found.push(...enforceable.flatMap(pick));
  }
  return found;
}
