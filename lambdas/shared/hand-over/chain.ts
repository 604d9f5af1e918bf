import { executionName } from '../../../lib/model/ids';
import type { HandOver, Incident } from '../../../lib/model/incident';
import { startExecution } from './start-execution';

export const ESCALATION = 'escalation';

/**
 * Starts an incident's escalation chain. An execution of this attempt that is there already is the same escalation.
 *
 * @throws Error where the chain is not deployed.
 */
export async function handOverEscalation(
  incident: Incident,
  handOver: HandOver,
  chains: Readonly<Record<string, string>>,
): Promise<string> {
  const name = executionName(incident.id, handOver.attempt);
  const input = { schemaVersion: 1, incidentId: incident.id, attempt: handOver.attempt };
  await startExecution(machineOf(incident, chains), name, input);
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

function machineOf(incident: Incident, chains: Readonly<Record<string, string>>): string {
  const machine = chains[incident.chain];
  if (machine !== undefined) return machine;
  const deployed = Object.keys(chains).join(', ') || 'none';
  throw new Error(`escalation chain '${incident.chain}' is not deployed; deployed are: ${deployed}`);
}
