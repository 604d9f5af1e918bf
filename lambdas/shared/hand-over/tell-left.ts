import type { Incident } from '../../../lib/model/incident';
import type { IncidentChange } from '../store/incidents';
import type { PlannedHandOvers } from './begin-hand-overs';
import { ESCALATION, nextEscalation } from './chain';

interface Told extends Pick<IncidentChange, 'entries'> {
  readonly set: Pick<Incident, 'leftTold' | 'handOvers'>;
  readonly remove: readonly ('acknowledgement' | 'snooze')[];
}

/**
 * What has people paged anew where targets are handed to no runbook: whoever answered before has not heard that nobody
 * contains them. Part of the change that leaves them, so that it happens with it or not at all; and once for each incident,
 * since who looks sees all of them, and a flood of alerts must not page with each. The incident stays as severe as it is.
 *
 * @returns undefined where none is left, or people know.
 */
export function tellLeft(
  incident: Pick<Incident, 'handOvers' | 'acknowledgement' | 'leftTold'>,
  { left }: PlannedHandOvers,
  { what, by, now }: { readonly what: string; readonly by: string; readonly now: Date },
): Told | undefined {
  if (left === 0 || incident.leftTold === true) return undefined;
  const because = `${left} target(s) of ${what} are contained by nobody: there are too many, and no runbook gets them; look at them`;
  const voided = incident.acknowledgement !== undefined;
  return {
    set: { leftTold: true, handOvers: { [ESCALATION]: nextEscalation(incident, now) } },
    remove: ['acknowledgement', 'snooze'],
    entries: [
      {
        stage: 'escalate',
        kind: voided ? 'acknowledgement-voided' : 'note',
        text: `People are paged${voided ? ' again' : ''}, because ${because}`,
        by,
      },
    ],
  };
}
