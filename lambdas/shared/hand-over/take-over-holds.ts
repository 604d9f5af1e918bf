import type { Containment } from '../../../lib/model/containment';
import { containmentId } from '../../../lib/model/ids';
import type { PlannedContainment } from '../../../lib/model/incident';
import { changeContainment } from '../store/containments';
import type { Table } from '../store/table';

/**
 * Passes the hold of incidents that were merged on to the one that goes on for them, so that its release is the last
 * one. What the containment does is not touched: its execution goes on, and writes where it wrote.
 *
 * @returns the containment where one of them held it; undefined where there is nothing to take over.
 */
export async function takeOverHolds(
  table: Table,
  incidentId: string,
  { planned, target }: PlannedContainment,
  from: readonly string[],
): Promise<Containment | undefined> {
  const after = await changeContainment(table, containmentId(planned.runbook, target), (before) =>
    before?.holds.some((id) => from.includes(id)) === true
      ? { ...before, holds: [...new Set([...before.holds.filter((id) => !from.includes(id)), incidentId])] }
      : undefined,
  );
  return after?.holds.includes(incidentId) === true ? after : undefined;
}
