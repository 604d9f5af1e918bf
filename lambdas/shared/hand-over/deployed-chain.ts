import type { Machines } from './machines';

/** An escalation chain that can be started. */
export interface DeployedChain {
  readonly name: string;
  readonly machine: string;
}

/**
 * The chain of an incident, or the one that stands in for it where it was renamed or removed since the incident was
 * opened: the default chain, else the first by name. Somebody has to be paged, and the wrong people can call the right ones.
 *
 * @throws Error where no chain is deployed at all.
 */
export function deployedChain(wanted: string, { chains, defaultChain }: Omit<Machines, 'runbooks'>): DeployedChain {
  for (const name of [wanted, defaultChain, ...Object.keys(chains).sort()]) {
    const machine = name !== undefined && Object.hasOwn(chains, name) ? chains[name] : undefined;
    if (name !== undefined && machine !== undefined) return { name, machine };
  }
  throw new Error(`escalation chain '${wanted}' is not deployed, and no other that could stand in for it`);
}
