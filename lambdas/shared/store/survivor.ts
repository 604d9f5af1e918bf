import type { Incident } from '../../../lib/model/incident';
import { getIncident } from './incidents';
import type { Table } from './table';

/** Merges point from the younger to the older: a longer way than this is a circle that somebody made. */
const MAX_STEPS = 50;

/**
 * The incident that goes on for this one: itself, or the one that it was merged into. Undefined where there is none.
 *
 * @throws Error where merges lead nowhere.
 */
export async function survivorOf(table: Table, id: string): Promise<Incident | undefined> {
  let incident = await getIncident(table, id);
  for (let step = 0; incident?.mergedInto !== undefined; step++) {
    if (step === MAX_STEPS) throw new Error(`incident '${id}' was merged into itself, over ${MAX_STEPS} others`);
    const next: Incident | undefined = await getIncident(table, incident.mergedInto);
    if (!next)
      throw new Error(`incident '${incident.id}' was merged into '${incident.mergedInto}', which is not there`);
    incident = next;
  }
  return incident;
}
