import { CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DisableRuleCommand, EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { LambdaClient, paginateListEventSourceMappings, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeTable } from '../../lambdas/shared/store/table';
import { awsApi } from '../../local/api';
import { deploy } from '../../local/cdk';
import { completeAll } from '../../local/complete';
import { startEmbeddedAws, type EmbeddedAws, type EmbeddedAwsOptions } from '../../local/embedded-aws';
import { packageRoot } from '../../local/paths';
import { deployedStack } from '../../local/stack';
import { RUNBOOKS } from '../../runbooks';
import type { ShapeAws } from '../runbooks/contract';
import { readDeployment } from './deployment';
import type { Stage } from './trial';
import { versionsOfCode } from './version';

const STACK = 'FirebreakFaults';

/** Every runbook of the catalogue in one plan, so that its machines are known; nothing starts them but the matrix. */
const CONFIGURATION = {
  stack: STACK,
  mode: 'enforce',
  sources: { applications: { logGroups: ['/company/orders'] } },
  responsePlans: [{ name: 'all', runbooks: RUNBOOKS.map(({ id }) => ({ runbook: id, contains: 'target' })) }],
  escalationChains: [
    {
      name: 'on-call',
      levels: [
        {
          name: 'first',
          acknowledgeWithin: '2m',
          recipients: [{ queue: 'arn:aws:sqs:us-east-1:000000000000:phone-first' }],
        },
      ],
    },
  ],
  guardRails: { maximumContainmentsPerHour: 100 },
};

/** An embedded AWS with Firebreak deployed in it, and nothing in it at work by itself. */
export interface FaultsAws {
  readonly aws: EmbeddedAws;
  readonly client: ShapeAws['client'];
  readonly stage: Stage;
  /** Versions of the runbooks' code, from `versionsOfCode`. */
  readonly versions: ReadonlyMap<string, string>;
  stop(): Promise<void>;
}

export async function startFaultsAws(
  log: (message: string) => void,
  options: EmbeddedAwsOptions = {},
): Promise<FaultsAws> {
  const aws = await startEmbeddedAws({ log, ...options });
  const assembly = join(packageRoot(), '.firebreak', `faults-assembly-${process.pid}`);
  const stop = async (): Promise<void> => {
    await aws.stop();
    for (const path of [assembly, `${assembly}.yaml`]) await rm(path, { recursive: true, force: true });
  };
  try {
    await deployStack(aws, assembly);
    log('Firebreak is deployed');
    const client = {
      endpoint: aws.endpoint,
      region: aws.region,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
    await quiet(client);
    const deployment = await readDeployment(aws, assembly, STACK);
    const table = makeTable(new DynamoDBClient(client), deployment.environment['INCIDENT_TABLE'] ?? '');
    const moto = aws.servers.find(({ name }) => name === 'moto');
    // Read by the shapes of targets, and by every client that is made here or in a worker.
    Object.assign(
      process.env,
      deployment.environment,
      aws.env,
      moto && { FIREBREAK_TEST_MOTO: `http://127.0.0.1:${moto.port}` },
    );
    const versions = versionsOfCode(join(assembly, `${STACK}.template.json`), [...deployment.runbooks.keys()]);
    return { aws, client, stage: { deployment, table, proxy: aws.proxy }, versions, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function deployStack(aws: EmbeddedAws, assembly: string): Promise<void> {
  const api = awsApi(aws);
  await api.logs.send(new CreateLogGroupCommand({ logGroupName: '/company/orders' }));
  await api.queues.send(new CreateQueueCommand({ QueueName: 'phone-first' }));
  const configuration = `${assembly}.yaml`;
  await writeFile(configuration, JSON.stringify(CONFIGURATION)); // JSON is YAML.
  await deploy({
    aws,
    app: `${process.execPath} ${join(packageRoot(), 'dist/bin/app.js')}`,
    assembly,
    cwd: packageRoot(),
    env: { FIREBREAK_CONFIG: configuration },
  });
  await completeAll(await deployedStack(api, assembly, STACK), api);
}

/**
 * Publisher, reconciler and auditor are asleep: the matrix looks at one execution, and calls the auditor itself. Thousands
 * of timelines would keep them busy with what nobody reads.
 */
async function quiet(client: ShapeAws['client']): Promise<void> {
  const lambda = new LambdaClient(client);
  for await (const { EventSourceMappings = [] } of paginateListEventSourceMappings({ client: lambda }, {})) {
    for (const { UUID } of EventSourceMappings) {
      await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
    }
  }
  const events = new EventBridgeClient(client);
  const { Rules = [] } = await events.send(new ListRulesCommand({}));
  for (const { Name } of Rules) await events.send(new DisableRuleCommand({ Name }));
}
