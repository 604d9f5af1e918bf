import { checkGuardRails } from '../../../lib/model/guard-rails';
import type { ContainmentStatus } from '../../../lib/model/containment';
import { readBrake } from '../../shared/brake';
import { getContainment } from '../../shared/store/containments';
import { holdsLock } from '../../shared/store/locks';
import { guardRailSettings } from '../shared/guard-settings';
import { lockResource } from '../shared/target-lock';
import type { Run } from './run';

/**
 * Asked before each change: brake, guard rails, whether the containment is still this execution's to change, and
 * whether it still has the lock. A reason where not; an error of the asking is thrown and nothing is changed.
 */
export async function whyNotChange(
  run: Run,
  lock: { readonly owner: string; readonly fence: number },
  status: ContainmentStatus,
): Promise<string | undefined> {
  const { containment } = run;
  const verdict = checkGuardRails({ target: containment.target, arns: [], networks: [] }, guardRailSettings());
  if (!verdict.allowed) return `a guard rail refuses: ${verdict.because}`;
  const [brake, holds, now] = await Promise.all([
    readBrake(),
    holdsLock(run.table, { resource: lockResource(containment.target), ...lock, now: new Date() }),
    getContainment(run.table, containment.id),
  ]);
  if (!brake.released) return brake.because;
  if (!holds) return 'another execution holds the lock on the target by now';
  if (now?.attempt !== containment.attempt || now.status !== status) {
    return `the containment is '${now?.status ?? 'gone'}' by now, attempt ${now?.attempt ?? 0}`;
  }
  return undefined;
}
