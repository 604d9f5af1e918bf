import type { Containment } from '../../../lib/model/containment';
import { readActions } from '../../shared/store/containments';
import type { Table } from '../../shared/store/table';

/** What is missing of a containment, in the words of its actions. */
export async function whatFailed(table: Table, containment: Containment): Promise<string> {
  const records = await readActions(table, containment.id, containment.generation);
  const failed = records
    .filter(({ status }) => status === 'failed' || status === 'skipped')
    .map(({ detail }) => detail);
  return failed.length > 0 ? failed.join('; ') : 'the execution failed before every action was read back';
}
