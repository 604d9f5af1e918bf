import type { CanaryState } from '../../lib/model/canary';
import { bad, type Check, type Finding, ok, warning } from './check';

/** The alarm goes off after this time, too. */
const TOO_OLD_MS = 90 * 60_000;
const REMEDY =
  'an attack might not be noticed either: look at the other lines, at the dead letters, and at the logs of the detector and of triage';

export const canary: Check = {
  name: 'canary',
  async look({ firebreak }) {
    return judgeCanary(await firebreak.query<CanaryState>({ op: 'canary' }), new Date());
  },
};

/** What it means when a canary came through last. */
export function judgeCanary({ sentAt, passedAt, seconds, via }: CanaryState, now: Date): Finding {
  if (sentAt === undefined) {
    return warning(
      'none was ever sent',
      "the stack has none ('canary: false', or no CloudTrail source), or was deployed just now",
    );
  }
  const since = now.getTime() - Date.parse(passedAt ?? sentAt);
  const minutes = Math.max(0, Math.round(since / 60_000));
  if (passedAt === undefined) {
    const said = `none came through yet; the last was sent ${sentAt}`;
    return now.getTime() - Date.parse(sentAt) > TOO_OLD_MS ? bad(said, REMEDY) : warning(said, REMEDY);
  }
  // Sent, but none came: whoever stopped the schedule also stopped what would have told.
  if (since > TOO_OLD_MS) return bad(`the last came through ${minutes} minutes ago, at ${passedAt}`, REMEDY);
  return ok(`the last came through ${minutes} minutes ago, in ${Math.round(seconds ?? 0)} s, by ${via ?? 'unknown'}`);
}
