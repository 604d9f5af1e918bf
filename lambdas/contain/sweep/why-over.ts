import type { Containment } from '../../../lib/model/containment';
import type { SweepClaim } from '../../shared/store/sweeps';

/**
 * Why a sweep goes no further; undefined where it does. A newer attempt alone ends none: one that waits for approval, that
 * was declined or refused is never verified, has no sweep, and whoever can cause it would end the search for what they did.
 */
export function whyOver(
  { status, generation }: Pick<Containment, 'status' | 'generation'>,
  mine: Pick<SweepClaim, 'generation' | 'attempt'>,
  claims: readonly SweepClaim[],
): string | undefined {
  const newest = Math.max(...claims.map(({ attempt }) => attempt));
  if (newest > mine.attempt) return `the sweep after attempt ${newest} goes on with it`;
  // Another generation begins only after a release.
  if (isReleased(status) || generation !== mine.generation) {
    return 'the containment was given back, and whoever did that knew what had happened; no sweep goes on with it';
  }
  return undefined;
}

function isReleased(status: Containment['status']): boolean {
  return status === 'releasing' || status === 'released' || status === 'release-failed';
}
