import type { Containment } from '../../../lib/model/containment';
import { getContainment } from '../../shared/store/containments';
import { survivorOf } from '../../shared/store/survivor';
import type { Table } from '../../shared/store/table';
import type { Taken } from './snapshots';

const TAG = /^(?<id>con-[0-9a-f]{32})\/(?<generation>[1-9]\d{0,5})$/;

/**
 * The containment that took a snapshot, by its tag, with the incident that goes on for its own; undefined where there is no such
 * containment. Which incidents hold it does not count: they are merged and let go long before EBS has completed a snapshot. Whoever
 * may tag snapshots can have one more copied and paid for, but gets nothing to see: only who may use the forensic key reads a copy.
 *
 * @throws Error where there is such a containment, and the snapshot cannot be of it: evidence is not left out in silence.
 */
export async function whoseIs(table: Table, snapshot: Taken): Promise<Containment | undefined> {
  const { id, generation } = TAG.exec(snapshot.containment)?.groups ?? {};
  const containment = id === undefined ? undefined : await getContainment(table, id);
  if (!containment) {
    console.warn({ message: 'a snapshot with our tags that no containment took', snapshot: snapshot.id });
    return undefined;
  }
  if (containment.target.kind !== 'instance' || Number(generation) > containment.generation) {
    throw new Error(
      `its tag '${snapshot.containment}' names a containment of ${containment.target.kind} '${containment.target.id}', generation ${containment.generation}, which cannot have taken it; look who tagged it, and copy it by hand where it is evidence`,
    );
  }
  const incident = await survivorOf(table, containment.incidentId);
  if (!incident) throw new Error(`incident '${containment.incidentId}' of its containment does not exist`);
  return { ...containment, incidentId: incident.id };
}
