import type { Containment } from '../../../lib/model/containment';
import type { Incident } from '../../../lib/model/incident';
import { survivorOf } from '../../shared/store/survivor';
import type { Table } from '../../shared/store/table';

/** The incidents for which a containment is swept after: those that hold it, unless their plan says `off`. */
export async function sweptIncidents(table: Table, containment: Containment): Promise<Incident[]> {
  const ids = new Set([containment.incidentId, ...containment.holds]);
  const found = await Promise.all([...ids].map((id) => survivorOf(table, id)));
  const known = new Map(found.filter((incident) => incident !== undefined).map((incident) => [incident.id, incident]));
  return [...known.values()].filter((incident) => heldBy(incident, containment)?.sweep !== 'off');
}

/** What an incident's plan said about the containment; undefined where a person asked for it some other way. */
export function heldBy(incident: Incident, { id }: Pick<Containment, 'id'>) {
  return incident.handOvers[`containment#${id}`]?.containment;
}
