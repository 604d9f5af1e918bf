import type { FinishOutcome } from '../../../lib/model/recipient';
import type { TimelineKind, TimelineRecord } from '../../../lib/model/timeline';
import { nextEscalation, ESCALATION } from '../../shared/hand-over/chain';
import { changeIncident, getIncident } from '../../shared/store/incidents';
import { readTimeline } from '../../shared/store/timelines';
import type { Table } from '../../shared/store/table';
import { type FinishRequest, nextState } from '../requests';
import { standing } from '../standing';

/** What only people write. */
const SIGNS: readonly TimelineKind[] = [
  'acknowledged',
  'handed-over',
  'note',
  'release-started',
  'snoozed',
  'incident-closed',
];
/**
 * Looks whether whoever acknowledged has said anything lately. After too long a silence the acknowledgement is void
 * and the next attempt is pending: the reconciler starts it within a minute.
 */
export async function watchSilence(
  table: Table,
  ask: FinishRequest,
  now: Date,
): Promise<ReturnType<typeof nextState<FinishOutcome>>> {
  const allowed = (ask.silenceSeconds ?? 0) * 1000;
  const before = await getIncident(table, ask.incidentId);
  // Closed, merged, voided for another reason, or paged by a newer attempt: nobody's silence any more.
  if (!before || standing(before, ask).kind !== 'acknowledged') return nextState(ask, 'over');
  const last = lastSign(await readTimeline(table, ask.incidentId));
  const silent = now.getTime() - (last ?? Date.parse(before.acknowledgement?.at ?? before.openedAt));
  if (silent < allowed) return nextState(ask, 'again', { seconds: Math.max(1, Math.ceil((allowed - silent) / 1000)) });
  await changeIncident(table, ask.incidentId, (incident) => {
    const { acknowledgement } = incident;
    // Whoever said something in this very moment keeps it.
    if (!acknowledgement || incident.timelineLength !== before.timelineLength) return undefined;
    return {
      set: { handOvers: { ...incident.handOvers, [ESCALATION]: nextEscalation(incident, now) } },
      remove: ['acknowledgement'],
      entries: [
        {
          stage: 'escalate',
          kind: 'acknowledgement-voided',
          text: `People are paged again, because ${acknowledgement.by} has said nothing for ${minutes(silent)} minutes; a note is a sign of life: firebreak incident note`,
          by: `chain ${ask.chain}`,
        },
      ],
    };
  });
  const after = await getIncident(table, ask.incidentId);
  return after?.acknowledgement ? nextState(ask, 'again', { seconds: 60 }) : nextState(ask, 'over');
}

function lastSign(timeline: readonly TimelineRecord[]): number | undefined {
  // Stages write notes as well: those of people say so.
  const last = timeline.findLast(
    ({ kind, details }) => SIGNS.includes(kind) && (kind !== 'note' || details?.['person'] === true),
  );
  return last && Date.parse(last.at);
}

function minutes(milliseconds: number): number {
  return Math.round(milliseconds / 60_000);
}
