import type { Containment } from '../../../lib/model/containment';
import type { Incident } from '../../../lib/model/incident';
import { goesFurther, type Mode } from '../../../lib/model/plan';
import { survivorOf } from '../store/survivor';
import type { Table } from '../store/table';
import { modeOf } from './begin-hand-overs';

/** An open incident that holds a containment and wants more of it than a plan. */
export interface OpenHolder {
  readonly incident: Incident;
  readonly mode: Mode;
}

/**
 * Who still waits for a containment, those first who go furthest. Of incidents that were merged, the one that goes on
 * for them.
 */
export async function openHolders(
  table: Table,
  { id, holds }: Pick<Containment, 'id' | 'holds'>,
): Promise<OpenHolder[]> {
  const going = await Promise.all(holds.map((incidentId) => survivorOf(table, incidentId)));
  const once = new Map(going.filter((incident) => incident !== undefined).map((incident) => [incident.id, incident]));
  return [...once.values()]
    .flatMap((incident): OpenHolder[] => {
      const wanted = incident.handOvers[`containment#${id}`]?.containment;
      if (incident.status !== 'open' || !wanted || modeOf(wanted) === 'observe') return [];
      return [{ incident, mode: modeOf(wanted) }];
    })
    .sort((a, b) => Number(goesFurther(b.mode, a.mode)) - Number(goesFurther(a.mode, b.mode)));
}
