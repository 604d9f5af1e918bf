import { createHash } from 'node:crypto';
import { requireEnv } from '../../shared/require-env';
import { startExecution } from '../../shared/hand-over/start-execution';
import { getContainment } from '../../shared/store/containments';
import type { Table } from '../../shared/store/table';
import type { Ask } from './request';

/** Within a minute. */
const MAX_ATTEMPTS = 10;

export type ReleaseAnswer =
  | { readonly started: true; readonly executionArn: string; readonly incidentId: string }
  | { readonly started: false; readonly problem: string };

/** Asks the runbook to let go of what one incident holds; it acts when nobody else holds it. */
export async function requestRelease(table: Table, ask: Ask<'release'>, now: Date): Promise<ReleaseAnswer> {
  const containment = await getContainment(table, ask.containmentId);
  if (!containment) return { started: false, problem: `there is no containment '${ask.containmentId}'` };
  const incidentId = ask.incidentId ?? (containment.holds.length === 1 ? containment.holds[0] : undefined);
  if (incidentId === undefined) {
    return {
      started: false,
      problem:
        containment.holds.length === 0
          ? `no incident holds containment '${containment.id}'; it is ${containment.status}`
          : `${containment.holds.length} incidents hold containment '${containment.id}'; name one with --incident: ${containment.holds.join(', ')}`,
    };
  }
  const machines = JSON.parse(requireEnv('RELEASE_MACHINES')) as Record<string, string>;
  const machine = machines[containment.runbook];
  if (machine === undefined) return { started: false, problem: `runbook '${containment.runbook}' is not deployed` };
  const input = {
    schemaVersion: 1,
    containmentId: containment.id,
    incidentId,
    by: ask.by,
    reason: ask.reason,
    force: ask.force,
    reactivateKeys: ask.reactivateKeys,
  };
  // The same request within a minute is the same release, until that has ended: it may have been refused, and the
  // reason for it be gone.
  const minute = now.toISOString().slice(0, 16);
  const name = createHash('sha256')
    .update(JSON.stringify([containment.id, containment.generation, incidentId, ask.force, ask.reactivateKeys, minute]))
    .digest('hex')
    .slice(0, 40);
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const start = await startExecution(machine, `release-${name}-${attempt}`, input);
    if (start.kind === 'exists' && start.status !== 'RUNNING') continue;
    return { started: true, executionArn: start.executionArn, incidentId };
  }
  return {
    started: false,
    problem: `${MAX_ATTEMPTS} releases of containment '${containment.id}' ended within this minute; 'firebreak incident show ${incidentId}' says why`,
  };
}
