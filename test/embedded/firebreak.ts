import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  InvokeCommand,
  LambdaClient,
  TooManyRequestsException,
  type InvokeCommandOutput,
} from '@aws-sdk/client-lambda';
import type { IncidentView } from '../../lambdas/triage/query/show-incident';
import { makeTable, type Table } from '../../lambdas/shared/store/table';
import { embeddedAws, eventually, type TestAws } from './aws';
import { TEST_STACK } from './deploy-firebreak';

/** The shared deployment, as tests talk to it. */
export interface Firebreak {
  readonly aws: TestAws;
  readonly table: Table;
  output(name: string): string;
  /** Physical name of the function whose logical id begins so, e.g. `FirebreakTriageFunction`. */
  functionName(logicalId: string): Promise<string>;
  /** Calls a function and gives what it said, or throws what it threw. */
  invoke<T>(functionName: string, payload: unknown): Promise<T>;
  show(incidentId: string): Promise<IncidentView>;
}

export function deployedFirebreak(): Firebreak {
  const aws = embeddedAws();
  const lambda = new LambdaClient({ ...aws.client, maxAttempts: 1 });
  const output = (name: string) => {
    const value = aws.outputs()[TEST_STACK]?.[`Firebreak${name}`];
    if (value === undefined) throw new Error(`the shared deployment has no output 'Firebreak${name}'`);
    return value;
  };
  const invoke = async <T>(FunctionName: string, payload: unknown): Promise<T> => {
    const { Payload, FunctionError } = await eventually(`a free worker for ${FunctionName}`, () =>
      send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload) })),
    );
    const text = Payload?.transformToString() ?? 'null';
    if (FunctionError !== undefined) throw new Error(`${FunctionName}: ${FunctionError}: ${text.slice(0, 500)}`);
    return JSON.parse(text) as T;
  };
  // The emulator's cap on workers is for all of the account; nothing else is tried again.
  const send = async (command: InvokeCommand): Promise<InvokeCommandOutput | undefined> => {
    try {
      return await lambda.send(command);
    } catch (error) {
      if (error instanceof TooManyRequestsException) return undefined;
      throw error;
    }
  };
  return {
    aws,
    table: makeTable(new DynamoDBClient(aws.client), output('IncidentTable')),
    output,
    invoke,
    async functionName(logicalId) {
      const client = new CloudFormationClient(aws.client);
      for await (const page of paginateListStackResources({ client }, { StackName: TEST_STACK })) {
        const found = page.StackResourceSummaries?.find(
          (resource) =>
            resource.ResourceType === 'AWS::Lambda::Function' && resource.LogicalResourceId?.startsWith(logicalId),
        );
        if (found?.PhysicalResourceId !== undefined) return found.PhysicalResourceId;
      }
      throw new Error(`stack '${TEST_STACK}' has no function whose logical id begins with '${logicalId}'`);
    },
    async show(incidentId) {
      const answer = await invoke<{ ok: true; value: IncidentView } | { ok: false; problem: string }>(
        output('QueryFunction'),
        {
          op: 'show',
          incidentId,
        },
      );
      if (!answer.ok) throw new Error(answer.problem);
      return answer.value;
    },
  };
}
