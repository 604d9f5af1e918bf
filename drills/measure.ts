import type { IncidentView } from '../lambdas/triage/query/show-incident';
import { RESPONDER } from './acknowledge';
import { hire } from './company/people';
import { applied } from './document';
import { attack } from './leaked-key/attack';
import type { DrillWorld } from './scenario';
import { findIncident, Watch } from './watch';

const WITHIN_MS = 120_000;

/** Plays the leaked key once more with fresh users; milliseconds from the record put to containment applied and read back. */
export async function measureOnce(world: DrillWorld, run: number): Promise<number> {
  const { api, company, firebreak } = world;
  const leaked = await hire(api, { name: `ci-deployer-${run}`, keys: 2, console: true });
  const backDoor = await hire(api, { name: `backup-operator-${run}`, keys: 1, console: false });
  const trace = await attack(
    { ...world, tell: () => undefined },
    { leaked, backDoor, refused: company.chiefExecutive },
  );
  const incidentId = await findIncident(firebreak, trace.entities, WITHIN_MS);
  // Nobody is to be paged for the rest of the drill.
  await firebreak.respond({ op: 'ack', incidentId, by: RESPONDER });
  const done = (view: IncidentView) => applied(view, trace.putAt, trace.containments);
  // Looked at rarely: the time is that of the record, not that of the look.
  const watch = new Watch(firebreak, incidentId, () => undefined, 1000);
  const view = await watch.until('contained and read back', (now) => done(now) !== undefined, WITHIN_MS);
  return done(view) ?? Number.NaN;
}
