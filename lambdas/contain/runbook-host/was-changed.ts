import { getUndo } from '../../shared/store/containments';
import type { Run } from './run';

/** Was anything recorded, and so perhaps changed, in this generation? */
export async function wasChanged({ containment, runbook, table }: Run): Promise<boolean> {
  const { id, generation } = containment;
  const undos = await Promise.all(runbook.actions.map((action) => getUndo(table, id, generation, action.id)));
  return undos.some((undo) => undo !== undefined);
}
