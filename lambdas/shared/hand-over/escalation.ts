import type { Incident } from '../../../lib/model/incident';
import { worse, type Severity } from '../../../lib/model/severity';
import type { TimelineEntry } from '../../../lib/model/timeline';
import { errorText } from '../aws-error';
import { changeIncident, type IncidentChange } from '../store/incidents';
import { survivorOf } from '../store/survivor';
import type { Table } from '../store/table';
import { ESCALATION, nextEscalation } from './chain';
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
 * Tells people more than they were told: a containment failed, was refused, or did not hold. The chain starts anew from
 * its first level: an execution that is still paging gives way to it, because whoever answers the older page would
 * end it without having read the news. An acknowledgement of what was known before is voided, and a closed incident is
 * open again. News about an incident that was merged is news about the one that goes on for it.
 */
export async function requestEscalation(table: Table, incidentId: string, news: News): Promise<void> {
  const going = await survivorOf(table, incidentId);
  const { incident } = await changeIncident(table, going?.id ?? incidentId, (now) => decide(now, news));
  // Merged in this very moment.
  if (incident.status === 'merged') return requestEscalation(table, incident.id, news);
  try {
    await startHandOvers(table, incident, new Date(), ['escalation']);
  } catch (error) {
    // The hand-over stays pending, and the reconciler starts it within a minute.
    console.error({ message: 'escalation left to the reconciler', incidentId, error: errorText(error) });
  }
}

function decide(now: Incident, news: News): IncidentChange | undefined {
  if (now.status === 'merged') return undefined;
  const again = now.status === 'closed' ? [entry('note', 'Open again', news)] : [];
  const severity = worse(now.severity, news.severity ?? 'SEV1');
  return {
    set: {
      status: 'open',
      severity,
      handOvers: { ...now.handOvers, [ESCALATION]: nextEscalation(now, new Date()) },
    },
    remove: ['acknowledgement', 'closedAt', 'snooze'],
    entries: [
      ...again,
      now.acknowledgement
        ? entry('acknowledgement-voided', `People are paged again, because ${news.reason}`, news)
        : entry('note', `People are paged, because ${news.reason}`, news),
      ...(severity === now.severity ? [] : [raised(now.severity, severity, news)]),
    ],
  };
}

function raised(from: Severity, to: Severity, { reason, by }: News): TimelineEntry {
  return {
    stage: 'escalate',
    kind: 'severity-changed',
    text: `Severity raised from ${from} to ${to}, because ${reason}`,
    by,
    details: { from, to, because: reason.slice(0, 300) },
  };
}

function entry(kind: 'note' | 'acknowledgement-voided', text: string, news: News): TimelineEntry {
  return { stage: 'escalate', kind, text, by: news.by };
}
