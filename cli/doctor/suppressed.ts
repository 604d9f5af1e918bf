import type { SuppressedCount } from '../../lambdas/shared/store/suppressions';
import { type Check, count, type Finding, ok, warning } from './check';

const SOON_MS = 3 * 24 * 60 * 60_000;
/** Over for longer than this, it is history. */
const LATELY_MS = 7 * 24 * 60 * 60_000;

/** Of the suppressions that kept something quiet; one that never did changes nothing when it ends. */
export const suppressed: Check = {
  name: 'suppressions',
  async look({ firebreak }) {
    return judgeSuppressed(await firebreak.query<SuppressedCount[]>({ op: 'suppressed' }), new Date());
  },
};

/** What is about to be heard of again, or already is. */
export function judgeSuppressed(counts: readonly SuppressedCount[], now: Date): Finding {
  const left = (one: SuppressedCount) => Date.parse(one.until) - now.getTime();
  const over = counts.filter((one) => left(one) <= 0 && left(one) > -LATELY_MS);
  const soon = counts.filter((one) => left(one) > 0 && left(one) <= SOON_MS);
  const active = counts.filter((one) => left(one) > 0);
  const total = active.reduce((sum, one) => sum + one.count, 0);
  const name = ({ name: which, owner, until }: SuppressedCount) => `'${which}' of ${owner} (${until})`;
  if (over.length + soon.length === 0) {
    return ok(
      active.length === 0
        ? 'none keeps anything quiet'
        : `${count(active.length, 'suppression')} kept ${count(total, 'alert')} quiet`,
    );
  }
  const said = [
    ...(over.length > 0 ? [`over: ${over.map(name).join(', ')}`] : []),
    ...(soon.length > 0 ? [`end within 3 days: ${soon.map(name).join(', ')}`] : []),
  ];
  return warning(
    said.join('; '),
    'what they kept quiet pages people again: ask the owner for a new end, or take them out',
  );
}
