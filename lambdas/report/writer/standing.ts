import type { Incident } from '../../../lib/model/incident';
import type { TimelineRecord } from '../../../lib/model/timeline';
import type { ReportedContainment, Status } from './report';

/** How all containments together stand: the worst of them decides. */
export function containmentState(containments: readonly ReportedContainment[]): Status {
  if (containments.length === 0) return { tone: 'calm', label: 'Nothing to contain' };
  const count = (...states: ReportedContainment['state'][]) =>
    containments.filter(({ state }) => states.includes(state)).length;
  const failed = count('failed', 'refused', 'release-failed');
  const contained = count('verified', 'held');
  if (failed > 0) {
    return contained > 0
      ? { tone: 'bad', label: `Partly contained: ${contained} of ${containments.length}` }
      : { tone: 'bad', label: count('release-failed') === failed ? 'Release failed' : 'Not contained' };
  }
  if (count('starting', 'containing') > 0) return { tone: 'warn', label: 'Being contained' };
  if (count('releasing') > 0) return { tone: 'warn', label: 'Being released' };
  if (contained > 0) return { tone: 'good', label: count('verified') > 0 ? 'Contained' : 'Contained and held' };
  if (count('planned') === containments.length) return { tone: 'calm', label: 'Observed only' };
  return { tone: 'calm', label: 'Released' };
}

/** Did anybody answer? */
export function answerStatus(incident: Incident, timeline: readonly TimelineRecord[]): Status {
  if (incident.acknowledgement) return { tone: 'good', label: 'Acknowledged' };
  const last = timeline.findLast(({ kind }) =>
    ['page-sent', 'level-unanswered', 'escalation-exhausted', 'acknowledgement-voided'].includes(kind),
  );
  if (last?.kind === 'escalation-exhausted') return { tone: 'bad', label: 'Nobody answered' };
  if (incident.status === 'closed') return { tone: 'warn', label: 'Never acknowledged' };
  if (incident.status === 'merged') return { tone: 'calm', label: 'Merged into another' };
  return last ? { tone: 'warn', label: 'Not answered yet' } : { tone: 'calm', label: 'Nobody paged yet' };
}

export function incidentStatus(incident: Incident): Status {
  switch (incident.status) {
    case 'open':
      return { tone: 'warn', label: 'Open' };
    case 'merged':
      return { tone: 'calm', label: `Merged into ${incident.mergedInto ?? 'another'}` };
    case 'closed':
      return { tone: 'good', label: 'Closed' };
  }
}
