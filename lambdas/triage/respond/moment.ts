import { changeIncident } from '../../shared/store/incidents';
import type { Table } from '../../shared/store/table';
import type { RespondAnswer } from './answer';
import type { Ask } from './request';

/** Clocks of two machines never agree quite. */
const TOLERANCE_MS = 60_000;

/**
 * A time from which a law counts, on a person's word. The last word counts, and the earlier ones stay on the timeline;
 * also after the incident was closed, since materiality is often decided then.
 */
export async function recordMoment(table: Table, ask: Ask<'moment'>, now: Date): Promise<RespondAnswer> {
  const time = new Date(ask.at);
  const at = time.toISOString();
  let problem: string | undefined;
  const { incident } = await changeIncident(table, ask.incidentId, ({ firstEventAt }) => {
    problem = undefined;
    if (time.getTime() > now.getTime() + TOLERANCE_MS) {
      problem = `${ask.moment} at ${at} lies in the future; say when it was`;
    } else if (at < firstEventAt) {
      problem = `${ask.moment} at ${at} lies before the first event (${firstEventAt}); say when it was`;
    }
    if (problem !== undefined) return undefined;
    return {
      entries: [
        {
          stage: 'triage',
          kind: 'moment-recorded',
          text: `${ask.by} recorded ${ask.moment} at ${at}: ${ask.reason}`,
          by: ask.by,
          details: { moment: ask.moment, time: at },
        },
      ],
    };
  });
  return problem === undefined
    ? { ok: true, value: { incidentId: incident.id, moment: ask.moment, at } }
    : { ok: false, problem };
}
