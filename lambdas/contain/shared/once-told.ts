import type { Containment } from '../../../lib/model/containment';
import { changeContainment } from '../../shared/store/containments';
import type { Table } from '../../shared/store/table';

/**
 * Tells everybody who holds a containment, and then changes it. Whoever began to hold it meanwhile is told before: an end is
 * news for all who wait for it, and once it is written down nobody tells them.
 *
 * @param tell - tells these incidents, each of which it is given once; says nothing twice when a killed run is run again
 * @param change - undefined where there is nothing to change any more
 * @returns the containment as it is afterwards
 */
export async function changeOnceTold(
  table: Table,
  containment: Containment,
  tell: (incidentIds: readonly string[]) => Promise<void>,
  change: (now: Containment) => Containment | undefined,
): Promise<Containment | undefined> {
  const told = new Set<string>();
  let untold = [...new Set([containment.incidentId, ...containment.holds])];
  for (;;) {
    await tell(untold);
    for (const incidentId of untold) told.add(incidentId);
    untold = [];
    const after = await changeContainment(table, containment.id, (now) => {
      const changed = now && change(now);
      untold = changed ? changed.holds.filter((incidentId) => !told.has(incidentId)) : [];
      return untold.length > 0 ? undefined : changed;
    });
    if (untold.length === 0) return after;
  }
}
