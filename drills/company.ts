import { CreateLogGroupCommand, CreateLogStreamCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { EmbeddedAws } from '../local/embedded-aws';
import type { DrillApi } from './clients';
import { buildNetwork, type Network } from './company/network';
import { hire, type Person } from './company/people';
import { Phone } from './company/phones';
import { buildServers, type Servers } from './company/servers';

export const TRAIL_LOG_GROUP = '/company/cloudtrail';
/** As drills/firebreak.yaml names them. */
const PHONES = { first: 'phone-of-first-level', second: 'phone-of-second-level' };

/** A log stream that stands for the trail's, and what the deployed subscription filters let through of it. */
export interface FilteredTrail {
  readonly logGroup: string;
  readonly logStream: string;
  readonly patterns: readonly string[];
}

/** A small company in the embedded AWS: what is attacked, and who stands by. */
export interface Company {
  /** Whose keys leak. */
  readonly ciDeployer: Person;
  /** On whom the attacker leaves a key of his own. */
  readonly backupOperator: Person;
  /** Named by a call that fails. */
  readonly chiefExecutive: Person;
  /** Whose key is in the hands of somebody who fights back. */
  readonly administrator: Person;
  /** Has nothing to do with any of it. */
  readonly bystander: Person;
  readonly network: Network;
  readonly servers: Servers;
  readonly trail: FilteredTrail;
  readonly phones: { readonly first: Phone; readonly second: Phone };
}

/** What the deployment of Firebreak refers to by name, and so must be there before it. */
export interface Wires {
  readonly trail: Omit<FilteredTrail, 'patterns'>;
  readonly phones: Company['phones'];
}

export async function layWires(api: DrillApi): Promise<Wires> {
  const [trail, first, second] = await Promise.all([
    createTrail(api),
    Phone.create(api, PHONES.first),
    Phone.create(api, PHONES.second),
  ]);
  return { trail, phones: { first, second } };
}

export async function foundCompany(aws: EmbeddedAws, api: DrillApi, wires: Wires): Promise<Omit<Company, 'trail'>> {
  const [people, built] = await Promise.all([
    Promise.all([
      hire(api, { name: 'ci-deployer', keys: 2, console: true }),
      hire(api, { name: 'backup-operator', keys: 1, console: false }),
      hire(api, { name: 'chief-executive', keys: 1, console: true }),
      hire(api, { name: 'dana', keys: 1, console: true }),
      hire(api, { name: 'site-admin', keys: 1, console: false }),
    ]),
    buildNetwork(api).then(async (network) => ({ network, servers: await buildServers(aws, api, network) })),
  ]);
  const [ciDeployer, backupOperator, chiefExecutive, bystander, administrator] = people;
  return { ciDeployer, backupOperator, chiefExecutive, bystander, administrator, ...built, phones: wires.phones };
}

async function createTrail({ logs, account, region }: DrillApi): Promise<Wires['trail']> {
  const logStreamName = `${account}_CloudTrail_${region}`;
  await logs.send(new CreateLogGroupCommand({ logGroupName: TRAIL_LOG_GROUP }));
  await logs.send(new CreateLogStreamCommand({ logGroupName: TRAIL_LOG_GROUP, logStreamName }));
  return { logGroup: TRAIL_LOG_GROUP, logStream: logStreamName };
}
