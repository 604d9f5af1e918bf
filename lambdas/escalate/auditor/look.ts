import { executionName } from '../../../lib/model/ids';
import type { Incident } from '../../../lib/model/incident';
import { ESCALATION } from '../../shared/hand-over/chain';
import { deployedChain } from '../../shared/hand-over/deployed-chain';
import { deployedMachines, type Machines } from '../../shared/hand-over/machines';
import { executionArnOf, executionStatus } from '../../shared/hand-over/start-execution';
import { requireEnv } from '../../shared/require-env';
import { findNewest } from '../../shared/store/timelines';
import type { Table } from '../../shared/store/table';
import { judge, tellsHowItStands, type Verdict } from './judge';

/** How an open incident stands, from what the store and Step Functions say. */
export async function look(table: Table, incident: Incident, now: Date): Promise<Verdict> {
  const handOver = incident.handOvers[ESCALATION];
  const chain = chainOf(incident, deployedMachines());
  const name = handOver?.execution ?? executionName(incident.id, handOver?.attempt ?? 1);
  const execution =
    chain === undefined || handOver?.state !== 'started'
      ? undefined
      : await executionStatus(executionArnOf(chain.machine, name));
  // However many alerts joined since: a hundred of them must not hide when the chain paged last.
  const timeline =
    incident.acknowledgement || execution === undefined
      ? []
      : await findNewest(table, incident.id, tellsHowItStands(handOver, execution));
  const longestStep = Number(requireEnv('LONGEST_STEP_SECONDS')) * 1000;
  const watched = JSON.parse(requireEnv('WATCHED_CHAINS')) as string[];
  const watchesSilence = chain !== undefined && watched.includes(chain.name);
  return judge({ incident, timeline, execution, watchesSilence, longestStep, now });
}

/**
 * A chain that is no more took its executions with it. Where nobody has answered there is none, then, and people are
 * paged anew at once; whoever acknowledged is looked after by the chain that stands in for it.
 */
function chainOf({ chain, acknowledgement }: Incident, machines: Machines) {
  const found = deployedChain(chain, machines);
  return found.name === chain || acknowledgement ? found : undefined;
}
