import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { basename, join } from 'node:path';
import { awsApi } from '../../local/api';
import type { EmbeddedAws } from '../../local/embedded-aws';
import { deployedStack } from '../../local/stack';
import type { Machine } from '../../lib/contain/machines/asl';
import { isJsonObject, type Json } from '../../lib/model/json';

/** Logical id of what notices executions that failed; escalations have an auditor of their own. */
export const CONTAINMENT_AUDITOR = /ContainmentAuditor/;

/** A deployed function: its own code and its own environment. */
export interface DeployedFunction {
  readonly arn: string;
  readonly name: string;
  /** Folder of the code, as the CDK staged it. */
  readonly code: string;
  /** What the code exports for it. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A runbook as it was deployed: the very definitions, which name the very functions. */
export interface DeployedRunbook {
  readonly contain: Machine;
  readonly release: Machine;
}

export interface Deployment {
  readonly functions: ReadonlyMap<string, DeployedFunction>;
  readonly runbooks: ReadonlyMap<string, DeployedRunbook>;
  readonly auditor: DeployedFunction;
  /** The first function's environment: names of the table, the vault and the brake. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Reads from the embedded AWS what was deployed there, and where its code lies. */
export async function readDeployment(aws: EmbeddedAws, assembly: string, stack: string): Promise<Deployment> {
  const client = {
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const lambda = new LambdaClient(client);
  const sfn = new SFNClient(client);
  const deployed = await deployedStack(awsApi(aws), assembly, stack);
  const found = await Promise.all(
    deployed
      .ofType('AWS::Lambda::Function')
      .map(async ({ logicalId, physicalId, properties }): Promise<DeployedFunction> => {
        const {
          FunctionArn = '',
          Handler = '',
          Environment,
        } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: physicalId }));
        const { S3Key } = properties['Code'] as { S3Key: string };
        return {
          arn: FunctionArn,
          name: logicalId,
          code: join(assembly, `asset.${basename(S3Key, '.zip')}`),
          handler: Handler.replace(/^index\./, ''),
          environment: Environment?.Variables ?? {},
        };
      }),
  );
  const functions = new Map(found.map((fn) => [fn.arn, fn]));
  const definition = async (stateMachineArn: string): Promise<Machine> =>
    JSON.parse((await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }))).definition ?? '{}') as Machine;
  const [contain, release] = ['CONTAINMENT_MACHINES', 'RELEASE_MACHINES'].map((name) => machines(found, name));
  const runbooks = await Promise.all(
    Object.entries(contain ?? {}).map(async ([id, arn]): Promise<[string, DeployedRunbook]> => [
      id,
      { contain: await definition(arn), release: await definition(release?.[id] ?? '') },
    ]),
  );
  const auditor = found.find(({ name }) => CONTAINMENT_AUDITOR.test(name));
  const host = found.find(({ environment }) => 'GUARD_RAILS' in environment && 'VAULT_BUCKET' in environment);
  if (!auditor || !host) throw new Error(`stack '${stack}' has no auditor, or no runbook's function`);
  return { functions, runbooks: new Map(runbooks), auditor, environment: host.environment };
}

/** The map of machines that functions have in their environment; some have an empty one. */
function machines(functions: readonly DeployedFunction[], variable: string): Readonly<Record<string, string>> {
  for (const { environment } of functions) {
    const parsed = JSON.parse(environment[variable] ?? '{}') as Json;
    if (isJsonObject(parsed) && Object.keys(parsed).length > 0) return parsed as Record<string, string>;
  }
  throw new Error(`no deployed function has machines in its '${variable}'`);
}
