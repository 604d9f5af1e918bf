import type { Incident } from '../../lib/model/incident';
import type { EscalationState } from '../../lib/model/recipient';
import { ESCALATION } from '../shared/hand-over/chain';

/** Whether anybody still has to be paged by this execution. */
export type Standing =
  | { readonly kind: 'open' }
  | { readonly kind: 'acknowledged'; readonly because: string }
  | { readonly kind: 'closed'; readonly because: string }
  | { readonly kind: 'merged'; readonly because: string }
  | { readonly kind: 'superseded'; readonly because: string };

/**
 * An acknowledgement that was voided starts the next attempt, while this one may still be waiting: only the newest
 * attempt pages.
 */
export function standing(incident: Incident, state: Pick<EscalationState, 'attempt'>): Standing {
  const newest = incident.handOvers[ESCALATION]?.attempt ?? state.attempt;
  if (newest > state.attempt) return { kind: 'superseded', because: `attempt ${newest} of the escalation took over` };
  if (incident.status === 'merged') {
    return { kind: 'merged', because: `the incident was merged into ${incident.mergedInto ?? 'another'}, which pages` };
  }
  if (incident.status === 'closed') return { kind: 'closed', because: 'the incident was closed' };
  const { acknowledgement } = incident;
  if (acknowledgement) return { kind: 'acknowledged', because: `${acknowledgement.by} acknowledged` };
  return { kind: 'open' };
}
