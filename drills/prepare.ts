import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Firebreak } from '../cli/ask';
import { CommandError } from '../cli/command-error';
import { readStack } from '../cli/deployed-stack';
import { deploy } from '../local/cdk';
import { compareStack, type Comparison } from '../local/compare';
import { inWords } from '../local/compare/in-words';
import { completeAll } from '../local/complete';
import type { EmbeddedAws } from '../local/embedded-aws';
import { packageRoot } from '../local/paths';
import { deployedPatterns } from '../local/complete/log-filter-pattern';
import { deployedStack, type DeployedStack } from '../local/stack';
import { type DrillApi, drillApi } from './clients';
import { type Company, foundCompany, layWires } from './company';
import type { DrillWorld } from './scenario';
import type { Show } from './show';

/** As drills/firebreak.yaml names it. */
const STACK = 'Firebreak';

export interface Prepared {
  readonly world: DrillWorld;
  /** What the embedded AWS could not do. */
  readonly skipped: readonly string[];
}

/**
 * Founds the company and deploys Firebreak, as anybody would: the real app by a real `cdk deploy`.
 *
 * @param folder - of this drill alone: another one may be deploying beside it
 */
export async function prepare(aws: EmbeddedAws, show: Show, folder: string): Promise<Prepared> {
  const api = drillApi(aws);
  const assembly = assemblyIn(folder);
  const wires = await layWires(api);
  const [founded] = await Promise.all([
    show.step(
      'a small company',
      () => foundCompany(aws, api, wires),
      () => 'users with keys, an Auto Scaling group, a load balancer',
    ),
    show.step('cdk bootstrap and cdk deploy of Firebreak', () => deployFirebreak(aws, assembly)),
  ]);
  const stack = await deployedStack(api, assembly, STACK);
  const comparison = await show.step(
    'what the embedded AWS drops is completed; template and API are compared',
    () => complete(stack, api),
    ({ same, differences }) => `${same} properties the same, ${differences.length} not`,
  );
  const differences = inWords(comparison.differences);
  for (const line of differences) show.line(`      ${line}`);
  const patterns = deployedPatterns(stack).filter(({ logGroupName }) => logGroupName === wires.trail.logGroup);
  const trail = { ...wires.trail, patterns: patterns.map(({ filterPattern }) => filterPattern) };
  const company: Company = { ...founded, trail };
  const firebreak = new Firebreak(await readStack(api.config, STACK), api.config);
  const tell = (text: string): void => show.stage('attacker', text);
  return { world: { aws, api, company, firebreak, tell }, skipped: [...ALWAYS_SKIPPED, ...differences] };
}

const assemblyIn = (folder: string): string => join(folder, 'cdk.out');

/** Fifty megabytes that nobody needs once a drill is over. */
export async function forgetAssembly(folder: string): Promise<void> {
  await rm(assemblyIn(folder), { recursive: true, force: true, maxRetries: 3 });
}

async function deployFirebreak(aws: EmbeddedAws, assembly: string): Promise<void> {
  const root = packageRoot();
  const app = join(root, 'dist', 'bin', 'app.js');
  if (!existsSync(app)) throw new CommandError(`${app} is missing; run 'npm run bundle' first`);
  await deploy({
    aws,
    app: `${JSON.stringify(process.execPath)} ${JSON.stringify(app)}`,
    assembly,
    cwd: root,
    env: { FIREBREAK_CONFIG: join(root, 'drills', 'firebreak.yaml') },
  });
}

async function complete(stack: DeployedStack, api: DrillApi): Promise<Comparison> {
  await completeAll(stack, api);
  return compareStack(stack, api);
}

/** What no emulator has. Covered by template assertions and policy simulation instead, or by AWS alone. */
const ALWAYS_SKIPPED: readonly string[] = [
  'CloudTrail delivers nothing here: the drill writes its records, shaped as AWS writes them',
  'GuardDuty finds nothing here: the drill delivers the finding',
  'SNS sends no e-mail and no text messages here: phones are queues',
  'IAM denies nothing here: what a policy allows is simulated in the tests',
  'Filter patterns of subscription filters are not applied here: the drill applies them itself',
  'Traffic: whether an isolated instance can still be reached is not tried',
];
