import type { Alert } from '../../../lib/model/alert';
import { CANARY_RULE_ID, canaryToken } from '../../../lib/model/canary';
import { isJsonObject, textAt } from '../../../lib/model/json';
import { deployedMachines } from '../../shared/hand-over/machines';
import { startExecution } from '../../shared/hand-over/start-execution';
import { type Canary, useCanary } from '../../shared/store/canaries';
import type { Table } from '../../shared/store/table';

/**
 * Is this alert a canary that we registered? It is used up by it. Only alerts of the canary's own rule can be: whatever
 * else the event matches makes incidents as ever. A copy of an event, without a token that is registered and unused, is
 * an ordinary alert.
 */
export async function canaryOf(table: Table, alert: Alert, now: Date): Promise<Canary | undefined> {
  if (alert.finding_info.analytic.uid !== CANARY_RULE_ID) return undefined;
  const request = alert.evidences[0]?.data['requestParameters'];
  const token = canaryToken((isJsonObject(request) ? textAt(request, 'name') : undefined) ?? '');
  if (token === undefined) return undefined;
  const { delivery } = alert.unmapped.firebreak;
  return useCanary(table, token, { id: alert.finding_info.uid, via: delivery.via }, now);
}

/**
 * Hands a canary on to the default chain, which rehearses its pages and sends none.
 *
 * @throws Error where the chain could not be started: the alert comes again, and at last lies in the dead-letter queue.
 */
export async function handOverCanary(canary: Canary, defaultChain: string): Promise<void> {
  const machine = deployedMachines().chains[defaultChain];
  if (machine === undefined) throw new Error(`escalation chain '${defaultChain}' is not deployed`);
  const { hash } = canary;
  await startExecution(machine, `canary-${hash.slice(0, 40)}`, { schemaVersion: 1, canary: hash });
}
