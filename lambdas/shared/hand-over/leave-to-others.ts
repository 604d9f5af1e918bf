import type { Containment } from '../../../lib/model/containment';
import type { Incident } from '../../../lib/model/incident';
import { changeContainment } from '../store/containments';
import { changeIncident } from '../store/incidents';
import { survivorOf } from '../store/survivor';
import type { Table } from '../store/table';
import { openHolders } from './open-holders';

/**
 * Ends a containment that waits for the word of an incident that was closed, or that let go of it, and has every other open
 * incident that holds it hand it over again: their own people are asked, or nobody. Safe to call again.
 *
 * @param because why it is over, in words.
 * @param except an incident that does not want it any more, though it is open and still holds it.
 * @returns the incidents whose hand-over is pending now; whoever starts none of them leaves that to the reconciler.
 */
export async function leaveToOthers(
  table: Table,
  containment: Containment,
  because: string,
  now: Date,
  except?: string,
): Promise<Incident[]> {
  const isIt = (current: Containment | undefined) =>
    current?.attempt === containment.attempt && current.status === containment.status;
  // First: what still waits would only be held by whoever hands it over again.
  const after = await changeContainment(table, containment.id, (current) =>
    current && isIt(current) && current.status !== 'not-approved'
      ? { ...current, status: 'not-approved', reason: because }
      : undefined,
  );
  if (after?.attempt !== containment.attempt || after.status !== 'not-approved') return [];
  const again: Incident[] = [];
  const holds = after.holds.filter((id) => id !== except);
  const why = 'the incident for which it waited does not want it any more';
  for (const { incident } of await openHolders(table, { id: after.id, holds })) {
    const handed = await handOverAgain(table, incident.id, { containmentId: after.id, why, now });
    if (handed) again.push(handed);
  }
  return again;
}

/** @returns the incident whose hand-over is pending now; whoever does not start it leaves that to the reconciler. */
export async function handOverAgain(
  table: Table,
  incidentId: string,
  ask: { readonly containmentId: string; readonly why: string; readonly now: Date },
): Promise<Incident | undefined> {
  const { containmentId, why, now } = ask;
  const key = `containment#${containmentId}`;
  const { incident, records } = await changeIncident(table, incidentId, (before) => {
    const handOver = before.handOvers[key];
    if (before.status !== 'open' || !handOver) return undefined;
    const text = `Its containment is handed over again: ${why}`;
    return {
      set: {
        handOvers: {
          ...before.handOvers,
          [key]: {
            ...handOver,
            // A hold that only passes on would join what is over.
            onlyHolds: undefined,
            state: 'pending',
            since: now.toISOString(),
            attempt: handOver.attempt + 1,
          },
        },
      },
      entries: [{ stage: 'triage', kind: 'note', text, by: 'triage' }],
    };
  });
  if (incident.status === 'merged') {
    const going = await survivorOf(table, incidentId);
    return going && handOverAgain(table, going.id, ask);
  }
  return records.length > 0 ? incident : undefined;
}
