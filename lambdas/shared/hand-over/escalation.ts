import type { HandOver, Incident } from '../../../lib/model/incident';
import { worse, type Severity } from '../../../lib/model/severity';
import type { TimelineEntry } from '../../../lib/model/timeline';
import { errorText } from '../aws-error';
import { changeIncident, getIncident, type IncidentChange } from '../store/incidents';
import type { Table } from '../store/table';
import { ESCALATION, isPaging } from './chain';
import { deployedMachines } from './machines';
import { startHandOvers } from './start-hand-overs';

/** News that people must have. */
export interface News {
  /** Completes the sentence "People are paged again, because …". */
  readonly reason: string;
  readonly by: string;
  /**
   * The incident becomes at least this severe.
   *
   * @default SEV1
   */
  readonly severity?: Severity;
}

/**
 * Tells people more than they were told: a containment failed, was refused, or did not hold. A chain that is still
 * paging carries the news with its next page. One that has ended starts anew from its first level, and an
 * acknowledgement of what was known before is voided. Said twice, it pages once.
 */
export async function requestEscalation(table: Table, incidentId: string, news: News): Promise<void> {
  const { chains } = deployedMachines();
  const known = await getIncident(table, incidentId);
  if (!known) throw new Error(`incident '${incidentId}' does not exist`);
  const last = known.handOvers[ESCALATION];
  const paging = last !== undefined && (await isPaging(known, last, chains));
  const { incident } = await changeIncident(table, incidentId, (now) => decide(now, news, paging));
  try {
    await startHandOvers(table, incident, new Date(), ['escalation']);
  } catch (error) {
    // The hand-over stays pending, and the reconciler starts it within a minute.
    console.error({ message: 'escalation left to the reconciler', incidentId, error: errorText(error) });
  }
}

function decide(now: Incident, news: News, paging: boolean): IncidentChange {
  const severity = worse(now.severity, news.severity ?? 'SEV1');
  const last = now.handOvers[ESCALATION];
  if (paging && !now.acknowledgement) {
    return { set: { severity }, entries: [entry('note', `The next page says so: ${news.reason}`, news)] };
  }
  const attempt = last === undefined ? 1 : last.attempt + (last.state === 'started' ? 1 : 0);
  const again: HandOver = { kind: 'escalation', state: 'pending', since: new Date().toISOString(), attempt };
  return {
    set: { severity, handOvers: { ...now.handOvers, [ESCALATION]: again } },
    remove: ['acknowledgement'],
    entries: [
      now.acknowledgement
        ? entry('acknowledgement-voided', `People are paged again, because ${news.reason}`, news)
        : entry('note', `People are paged, because ${news.reason}`, news),
    ],
  };
}

function entry(kind: 'note' | 'acknowledgement-voided', text: string, news: News): TimelineEntry {
  return { stage: 'escalate', kind, text, by: news.by };
}
