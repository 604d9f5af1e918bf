import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { type EmbeddedAws } from './embedded-aws';
import { packageRoot } from './paths';
import { runToEnd } from './run';

export interface DeployOptions {
  readonly aws: Pick<EmbeddedAws, 'endpoint' | 'env' | 'account' | 'region'>;
  /** The CDK app as a command line, for example `node dist/bin/app.js`. @default - `assembly` has been synthesised already */
  readonly app?: string;
  /** The cloud assembly: where `app` writes, or where it lies already. */
  readonly assembly: string;
  /** Names or patterns. @default - all */
  readonly stacks?: readonly string[];
  /** Over what the `context` of cdk.json in the working folder says. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** Environment of the app, beside that of the embedded AWS. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where `app` runs. @default - the current folder */
  readonly cwd?: string;
  readonly outputsFile?: string;
  /** Gets each line that the CDK says. */
  readonly progress?: (line: string) => void;
}

/** How long each part took, in milliseconds. */
export interface DeployTimes {
  readonly synth: number;
  readonly bootstrap: number;
  readonly deploy: number;
}

const TOOLKIT = 'CDKToolkit';

/** A real `cdk bootstrap`, where that has not been done, and a real `cdk deploy`. */
export async function deploy(options: DeployOptions): Promise<DeployTimes> {
  // Neither needs the other, and each spends most of its time loading JavaScript.
  const began = [timed(() => synthesise(options)), timed(() => bootstrap(options))] as const;
  await Promise.allSettled(began); // Nothing runs on behind an error.
  const [synth, bootstrapped] = await Promise.all(began);
  const stacks = options.stacks ?? ['--all'];
  const deployed = await timed(() =>
    cdk(options, [
      'deploy',
      ...stacks,
      ...[
        '--app',
        resolve(options.assembly),
        '--require-approval',
        'never',
        '--method',
        'direct',
        '--concurrency',
        '4',
      ],
      ...(options.outputsFile === undefined ? [] : ['--outputs-file', resolve(options.outputsFile)]),
    ]),
  );
  return { synth, bootstrap: bootstrapped, deploy: deployed };
}

/** Runs the app the way the CDK's command line does, without the command line: that saves a second. */
export async function synthesise(
  options: Omit<DeployOptions, 'aws'> & Partial<Pick<DeployOptions, 'aws'>>,
): Promise<void> {
  if (options.app === undefined) {
    if (existsSync(join(options.assembly, 'manifest.json'))) return;
    throw new Error(`${options.assembly} is no cloud assembly (no manifest.json); synthesise first, or give 'app'`);
  }
  const cwd = options.cwd ?? process.cwd();
  const context = {
    ...contextOfCdkJson(cwd),
    'aws:cdk:enable-path-metadata': true, // What compares template and API names resources by it.
    'aws:cdk:bundling-stacks': ['**'],
    ...options.context,
  };
  await runToEnd('/bin/sh', ['-c', options.app], {
    cwd,
    what: `the CDK app (${options.app})`,
    env: {
      ...process.env,
      CDK_VALIDATION: 'false', // 1.6 s; `npm run check` has it on.
      ...options.aws?.env,
      ...options.env,
      CDK_OUTDIR: resolve(options.assembly),
      CDK_CONTEXT_JSON: JSON.stringify(context),
      JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '1',
    },
    onLine: options.progress,
  });
}

async function bootstrap(options: DeployOptions): Promise<void> {
  if (await isBootstrapped(options)) return;
  await cdk(options, ['bootstrap', `aws://${options.aws.account}/${options.aws.region}`]);
}

async function isBootstrapped({ aws }: DeployOptions): Promise<boolean> {
  const client = new CloudFormationClient({
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: { accessKeyId: aws.env.AWS_ACCESS_KEY_ID ?? '', secretAccessKey: aws.env.AWS_SECRET_ACCESS_KEY ?? '' },
  });
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: TOOLKIT }));
    return Stacks?.[0]?.StackStatus?.endsWith('_COMPLETE') ?? false;
  } catch (error) {
    if ((error as Error).name === 'ValidationError') return false; // CloudFormation's word for "does not exist".
    throw error;
  } finally {
    client.destroy();
  }
}

async function cdk(options: DeployOptions, args: readonly string[]): Promise<void> {
  await runToEnd(process.execPath, [cdkCommand(), ...args, '--ci', '--no-notices', '--no-version-reporting'], {
    // Away from the person's cdk.json: it names another app, and its `cdk.out` may be locked by another cdk.
    cwd: tmpdir(),
    what: `cdk ${args[0] ?? ''}`,
    env: {
      ...withoutAws(process.env),
      ...options.aws.env,
      CI: 'true', // Output goes to standard output, without a progress bar.
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '1',
    },
    onLine: options.progress,
  });
}

/** The person's own profile must not send a deployment to their real account. */
function withoutAws(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('AWS_')));
}

function cdkCommand(): string {
  return require.resolve('aws-cdk/bin/cdk', { paths: [packageRoot(), process.cwd()] });
}

function contextOfCdkJson(cwd: string): Record<string, unknown> {
  const file = join(cwd, 'cdk.json');
  if (!existsSync(file)) return {};
  return (JSON.parse(readFileSync(file, 'utf8')) as { context?: Record<string, unknown> }).context ?? {};
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = Date.now();
  await work();
  return Date.now() - began;
}
