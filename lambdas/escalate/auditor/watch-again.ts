import type { Incident } from '../../../lib/model/incident';
import { ESCALATION, nextEscalation } from '../../shared/hand-over/chain';
import { startHandOvers } from '../../shared/hand-over/start-hand-overs';
import { changeIncident } from '../../shared/store/incidents';
import type { Table } from '../../shared/store/table';

/**
 * Begins the next attempt of an escalation that ended although somebody who acknowledged is to be looked after: it finds
 * the acknowledgement, pages nobody, and looks whether whoever gave it is still at it.
 */
export async function watchAgain(table: Table, seen: Incident, now = new Date()): Promise<void> {
  const { incident, records } = await changeIncident(table, seen.id, (before) => {
    const { acknowledgement } = before;
    // Voided, closed, merged or begun anew meanwhile: then that pages, or there is nothing to watch.
    if (!acknowledgement || before.status !== 'open') return undefined;
    if (before.handOvers[ESCALATION]?.attempt !== seen.handOvers[ESCALATION]?.attempt) return undefined;
    const next = nextEscalation(before, now);
    return {
      set: { handOvers: { ...before.handOvers, [ESCALATION]: next } },
      entries: [
        {
          stage: 'escalate',
          kind: 'note',
          text: `No escalation looked whether ${acknowledgement.by}, who acknowledged, is still at it; attempt ${next.attempt} does`,
          by: 'auditor',
        },
      ],
    };
  });
  if (records.length > 0) await startHandOvers(table, incident, now, ['escalation']);
}
