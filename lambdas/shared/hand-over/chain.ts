import { executionName } from '../../../lib/model/ids';
import type { HandOver, Incident } from '../../../lib/model/incident';
import { executionStatus, startExecution } from './start-execution';

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

/** Is somebody still being paged by this attempt? */
export async function isPaging(
  incident: Incident,
  handOver: HandOver,
  chains: Readonly<Record<string, string>>,
): Promise<boolean> {
  if (handOver.state !== 'started' || incident.acknowledgement) return false;
  const machine = machineOf(incident, chains).replace(':stateMachine:', ':execution:');
  return (await executionStatus(`${machine}:${executionName(incident.id, handOver.attempt)}`)) === 'RUNNING';
}

function machineOf(incident: Incident, chains: Readonly<Record<string, string>>): string {
  const machine = chains[incident.chain];
  if (machine !== undefined) return machine;
  const deployed = Object.keys(chains).join(', ') || 'none';
  throw new Error(`escalation chain '${incident.chain}' is not deployed; deployed are: ${deployed}`);
}
