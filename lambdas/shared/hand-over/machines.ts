import { requireEnv } from '../require-env';

/** ARNs of the state machines, by name: what triage may start. */
export interface Machines {
  /** By chain name. */
  readonly chains: Readonly<Record<string, string>>;
  /** Stands in for a chain that is no more; functions of an older stack are not told of it. */
  readonly defaultChain?: string | undefined;
  /** By runbook id. */
  readonly runbooks: Readonly<Record<string, string>>;
}

let machines: Machines | undefined;

export function deployedMachines(): Machines {
  machines ??= {
    chains: JSON.parse(requireEnv('ESCALATION_MACHINES')) as Record<string, string>,
    defaultChain: process.env['DEFAULT_CHAIN'],
    runbooks: JSON.parse(process.env['CONTAINMENT_MACHINES'] ?? '{}') as Record<string, string>,
  };
  return machines;
}
