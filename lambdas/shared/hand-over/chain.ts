import { executionName } from '../../../lib/model/ids';
import type { HandOver, Incident } from '../../../lib/model/incident';
import type { DeployedChain } from './deployed-chain';
import { startExecution } from './start-execution';

export const ESCALATION = 'escalation';

/** Starts an incident's escalation chain. An execution of this attempt that is there already is the same escalation. */
export async function handOverEscalation(
  incident: Pick<Incident, 'id'>,
  handOver: HandOver,
  chain: DeployedChain,
): Promise<string> {
  const name = executionName(incident.id, handOver.attempt);
  const input = { schemaVersion: 1, incidentId: incident.id, attempt: handOver.attempt };
  await startExecution(chain.machine, name, input);
  return name;
}

/**
 * A new attempt, which passes over levels that were asked before. An older execution gives way to it, also one that is
 * only started after this: whether a pending attempt runs already, and has paged without the news, nobody knows yet.
 */
export function nextEscalation(
  incident: Pick<Incident, 'handOvers'>,
  now: Date,
  passOver: readonly string[] = [],
): HandOver {
  return {
    kind: 'escalation',
    state: 'pending',
    since: now.toISOString(),
    attempt: (incident.handOvers[ESCALATION]?.attempt ?? 0) + 1,
    ...(passOver.length > 0 && { passOver }),
  };
}
