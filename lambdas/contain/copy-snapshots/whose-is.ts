import type { Containment } from '../../../lib/model/containment';
import { getContainment } from '../../shared/store/containments';
import type { Table } from '../../shared/store/table';
import type { Taken } from './snapshots';

const TAG = /^(?<id>con-[0-9a-f]{32})\/[1-9]\d{0,5}$/;

/**
 * The containment that took a snapshot, by its tags, as far as the store bears them out; undefined where it does not. Whoever may
 * tag snapshots can have one more copied and paid for, but gets nothing to see: only who may use the forensic key reads a copy.
 */
export async function whoseIs(table: Table, snapshot: Taken): Promise<Containment | undefined> {
  const id = TAG.exec(snapshot.containment)?.groups?.['id'];
  const containment = id === undefined ? undefined : await getContainment(table, id);
  const known =
    containment?.target.kind === 'instance' &&
    (containment.incidentId === snapshot.incident || containment.holds.includes(snapshot.incident));
  if (known) return containment;
  console.warn({ message: 'a snapshot with our tags that no containment took', snapshot: snapshot.id });
  return undefined;
}
