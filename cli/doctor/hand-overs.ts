import type { Incident } from '../../lib/model/incident';
import { bad, type Check, count, ok } from './check';

/** The reconciler comes by every minute; what is older than that it could not start. */
const TOO_OLD_MS = 3 * 60_000;

export const handOvers: Check = {
  name: 'pending hand-overs',
  async look({ firebreak }) {
    const open = await firebreak.query<Incident[]>({ op: 'list', status: 'open', limit: 500 });
    const late = open.flatMap((incident) =>
      Object.entries(incident.handOvers)
        .filter(([, { state, since }]) => state === 'pending' && Date.now() - Date.parse(since) > TOO_OLD_MS)
        .map(([key]) => `${key} of ${incident.id}`),
    );
    if (late.length === 0) return ok(`${count(open.length, 'open incident')}, nothing waits to be handed over`);
    return bad(
      `pending for more than 3 minutes: ${late.slice(0, 5).join(', ')}`,
      "look at the log group of the reconciler and at 'firebreak incident show'",
    );
  },
};
