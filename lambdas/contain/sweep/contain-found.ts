import type { Alert } from '../../../lib/model/alert';
import type { Containment } from '../../../lib/model/containment';
import type { Incident, PlannedContainment } from '../../../lib/model/incident';
import { handOverKey, MAX_AT_ONCE, modeOf } from '../../shared/hand-over/begin-hand-overs';
import { askedSince } from './asked-since';
import type { Found } from './find-deeds';
import { heldBy } from './swept-incidents';
import { nameIn, type Actor } from './trace';

export interface ToContain {
  readonly wanted: readonly PlannedContainment[];
  /** So many things more are handed to no runbook. */
  readonly left: number;
}

/**
 * What an incident's response plan has contained of what was found: with the mode, the approval and the reservations of
 * the containment of the actor itself. Guard rails, limits and approval follow as for every other containment.
 *
 * Only what CloudTrail itself showed is contained: a record in an alert may have been written by whoever may write to a
 * log group.
 *
 * And only what was done since the incident's own alerts name the actor: a sweep looks further back, for other incidents
 * too, and before that a role that everybody uses did what it does by right.
 *
 * A plan has {@link MAX_AT_ONCE} things contained in one incident: what is more is no plan but a flood, and people look.
 *
 * @param alerts enforceable ones of the incident, and of each that was merged into it.
 * @param deployed ids of the runbooks that the stack has.
 */
export function containFound(
  incident: Incident,
  containment: Containment,
  actors: readonly Actor[],
  found: readonly Found[],
  { alerts, deployed }: { readonly alerts: readonly (readonly Alert[])[]; readonly deployed: readonly string[] },
): ToContain {
  const held = heldBy(incident, containment);
  const since = held?.sweep === 'contain' ? askedSince(alerts, actors, held.eventAt) : undefined;
  if (!held || since === undefined) return { wanted: [], left: 0 };
  const planned = new Map<string, PlannedContainment>();
  for (const { finding, contain } of found) {
    if (!contain || finding.seenIn !== 'cloudtrail' || !deployed.includes(contain.runbook)) continue;
    if (finding.at < since) continue;
    if (isActor(actors, contain.target.id)) continue;
    const one: PlannedContainment = {
      ...held,
      planned: { ...held.planned, runbook: contain.runbook, contains: 'target' },
      target: contain.target,
      eventAt: finding.at,
      // What it did is looked for already, and what others do by a role that was changed is not the actor's.
      sweep: 'off',
    };
    const key = handOverKey(one);
    const before = incident.handOvers[key]?.containment;
    // The next look finds the same again; only a later deed asks anew, or what nothing was done about but to observe it.
    if (before && before.eventAt >= one.eventAt && (modeOf(before) !== 'observe' || modeOf(one) === 'observe'))
      continue;
    const other = planned.get(key);
    if (!other || other.eventAt < one.eventAt) planned.set(key, one);
  }
  // Of a plan that says 'contain', only what a sweep handed over says 'off'.
  const swept = Object.values(incident.handOvers).filter(
    (one) => one.containment?.plan === held.plan && one.containment.sweep === 'off',
  );
  const again = [...planned].filter(([key]) => incident.handOvers[key]);
  const added = [...planned].filter(([key]) => !incident.handOvers[key]);
  const room = Math.max(0, MAX_AT_ONCE - swept.length);
  return {
    wanted: [...again, ...added.slice(0, room)].map(([, one]) => one),
    left: Math.max(0, added.length - room),
  };
}

/** True where a containment for this is asked for already, and more than a plan is made. */
export function isHandedOver(incident: Incident, { contain }: Pick<Found, 'contain'>): boolean {
  if (!contain) return false;
  const { runbook, target } = contain;
  const key = handOverKey({ planned: { runbook, mode: 'observe', contains: 'target' }, target });
  const handed = incident.handOvers[key]?.containment;
  return handed !== undefined && modeOf(handed) !== 'observe';
}

export function isActor(actors: readonly Actor[], id: string): boolean {
  return actors.some(({ arn }) => nameIn(arn) === nameIn(id));
}
