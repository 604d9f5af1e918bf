import type { Alert } from '../../../lib/model/alert';
import type { Entity } from '../../../lib/model/entity';
import { nameIn, type Actor } from './trace';

/**
 * Since when what an actor did is the attacker's doing, for an incident that had the actor contained: since the earliest
 * event of its alerts that names the actor. ISO 8601; undefined where no alert says so, and nothing is contained.
 *
 * Each incident has a time of its own: what another one knows of the actor, a person who opened one by hand, or an older
 * incident that became one with this, says nothing about what was done by right before.
 *
 * @param alerts enforceable ones: of the incident, and of each that was merged into it, in a list of their own.
 * @param eventAt when the event happened that asked for the containment: only the incident whose event that was counts.
 */
export function askedSince(
  alerts: readonly (readonly Alert[])[],
  actors: readonly Actor[],
  eventAt: string,
): string | undefined {
  const naming = alerts.map((ofOne) =>
    ofOne
      .filter(({ unmapped }) => unmapped.firebreak.entities.some((entity) => names(entity, actors)))
      .map(({ time }) => new Date(time).toISOString()),
  );
  return naming
    .filter((times) => times.includes(eventAt))
    .flat()
    .sort()[0];
}

/** By the same words on which triage has somebody contained. */
function names({ kind, id, account, role, trust }: Entity, actors: readonly Actor[]): boolean {
  if (trust === 'claimed' || (trust === 'confirmed' && role === 'actor')) return false;
  return actors.some((actor) => actor.kind === kind && actor.account === account && nameIn(actor.arn) === nameIn(id));
}
