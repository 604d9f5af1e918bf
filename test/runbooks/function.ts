import { CreateRoleCommand, ListRolePoliciesCommand, type IAMClient } from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  CreateFunctionUrlConfigCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  ListEventSourceMappingsCommand,
  ListFunctionUrlConfigsCommand,
  ListProvisionedConcurrencyConfigsCommand,
  PutFunctionConcurrencyCommand,
  PutProvisionedConcurrencyConfigCommand,
  type AddPermissionCommandInput,
  type LambdaClient,
} from '@aws-sdk/client-lambda';
import { CreateQueueCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { randomBytes } from 'node:crypto';
import type { FunctionCase } from '../../runbooks/quarantine-function/cases';
import { zipOf } from './zip';

export interface FunctionClients {
  readonly lambda: LambdaClient;
  readonly iam: IAMClient;
  readonly sqs: SQSClient;
}

type Grant = Omit<AddPermissionCommandInput, 'FunctionName' | 'Action'>;
const GRANTS: Readonly<Record<FunctionCase['grants'][number], Grant>> = {
  account: { StatementId: 'account', Principal: '111122223333' },
  everybody: { StatementId: 'everybody', Principal: '*', FunctionUrlAuthType: 'NONE' },
  organisation: { StatementId: 'organisation', Principal: '*', PrincipalOrgID: 'o-abcdefghij' },
  'own-bucket': {
    StatementId: 'own-bucket',
    Principal: 's3.amazonaws.com',
    SourceArn: 'arn:aws:s3:::uploads',
    SourceAccount: '000000000000',
  },
  'any-bucket': { StatementId: 'any-bucket', Principal: 's3.amazonaws.com', SourceArn: 'arn:aws:s3:::elsewhere' },
  'role-on-alias': { StatementId: 'role', Principal: 'arn:aws:iam::111122223333:role/ci', Qualifier: 'live' },
};

/** Makes a function of a shape, with a role of its own or that of another; gives its ARN. */
export async function makeFunction(clients: FunctionClients, shape: FunctionCase, sharing?: string): Promise<string> {
  const { lambda } = clients;
  const FunctionName = `function-${randomBytes(4).toString('hex')}`;
  const { FunctionArn = '' } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Role: sharing ?? (await makeRole(clients.iam, FunctionName)),
      Runtime: 'nodejs20.x',
      Handler: 'index.handler',
      Publish: true,
      Code: { ZipFile: zipOf('index.js', 'exports.handler = async () => "ran"') },
      Environment: { Variables: { TABLE: 'orders', DATABASE_PASSWORD: 'hunter2' } },
    }),
  );
  const arn = FunctionArn.split(':').slice(0, 7).join(':');
  if (shape.alias) await lambda.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1' }));
  if (shape.reserved !== null) {
    await lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: shape.reserved }),
    );
  }
  if (shape.provisioned > 0) {
    const ProvisionedConcurrentExecutions = shape.provisioned;
    await lambda.send(
      new PutProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier: 'live', ProvisionedConcurrentExecutions }),
    );
  }
  await makeTriggers(clients, FunctionName, shape);
  for (const name of shape.grants) {
    const Action = name === 'everybody' ? 'lambda:InvokeFunctionUrl' : 'lambda:InvokeFunction';
    await lambda.send(new AddPermissionCommand({ FunctionName, Action, ...GRANTS[name] }));
  }
  return arn;
}

async function makeRole(iam: IAMClient, RoleName: string): Promise<string> {
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName, Path: '/service-role/', AssumeRolePolicyDocument: '{}' }),
  );
  return Role?.Arn ?? '';
}

async function makeTriggers(
  { lambda, sqs }: FunctionClients,
  FunctionName: string,
  shape: FunctionCase,
): Promise<void> {
  for (let index = 0; index < shape.queues; index++) {
    const QueueName = `${FunctionName}-${index}`;
    await sqs.send(new CreateQueueCommand({ QueueName }));
    await lambda.send(
      new CreateEventSourceMappingCommand({
        FunctionName: shape.alias ? `${FunctionName}:live` : FunctionName,
        EventSourceArn: `arn:aws:sqs:us-east-1:000000000000:${QueueName}`,
        Enabled: !(shape.lastDisabled && index === shape.queues - 1),
      }),
    );
  }
  if (shape.url !== 'none') {
    const AuthType = shape.url === 'open' ? 'NONE' : 'AWS_IAM';
    await lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName, AuthType }));
  }
}

/** The truth about a function, from the API: what a release must give back. */
export async function readFunctionState({ lambda, iam }: FunctionClients, arn: string) {
  const FunctionName = arn.split(':').at(-1) ?? '';
  const { ReservedConcurrentExecutions } = await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }));
  const provisioned = await lambda.send(new ListProvisionedConcurrencyConfigsCommand({ FunctionName }));
  const mappings = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName }));
  const urls = await lambda.send(new ListFunctionUrlConfigsCommand({ FunctionName }));
  const { Role } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const { PolicyNames } = await iam.send(new ListRolePoliciesCommand({ RoleName: Role?.split('/').at(-1) }));
  const { Policy } = await lambda.send(new GetPolicyCommand({ FunctionName }));
  const { Statement } = JSON.parse(Policy ?? '') as { readonly Statement: { readonly Sid: string }[] };
  return {
    reserved: ReservedConcurrentExecutions ?? null,
    provisioned: (provisioned.ProvisionedConcurrencyConfigs ?? []).map((config) => [
      config.FunctionArn,
      config.RequestedProvisionedConcurrentExecutions,
    ]),
    mappings: Object.fromEntries(
      (mappings.EventSourceMappings ?? []).map(({ UUID = '', State = '' }) => [UUID, State]),
    ),
    urls: (urls.FunctionUrlConfigs ?? []).map(({ FunctionUrl, AuthType }) => [FunctionUrl, AuthType]),
    // AWS keeps no order among statements.
    grants: [...Statement].sort((a, b) => a.Sid.localeCompare(b.Sid)),
    rolePolicies: PolicyNames ?? [],
  };
}
