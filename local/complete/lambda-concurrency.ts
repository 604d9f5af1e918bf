import { GetFunctionConcurrencyCommand, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { type AwsApi } from '../api';
import { type Completion, only, tryOut } from './completion';

const FUNCTION = 'AWS::Lambda::Function';

async function reserved(api: AwsApi, FunctionName: string): Promise<number | undefined> {
  const found = await api.lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }));
  return found.ReservedConcurrentExecutions;
}

export const lambdaConcurrency: Completion = {
  name: 'lambda-concurrency',
  why: "CloudFormation drops a function's ReservedConcurrentExecutions",

  needed: (api) =>
    tryOut(
      api,
      {
        Function: {
          Type: FUNCTION,
          Properties: {
            Runtime: 'nodejs24.x',
            Handler: 'index.handler',
            Role: `arn:aws:iam::${api.account}:role/none`,
            Code: { ZipFile: 'exports.handler = async () => 1' },
            ReservedConcurrentExecutions: 2,
          },
        },
      },
      async (stack) => (await reserved(api, only(stack, FUNCTION).physicalId)) !== 2,
    ),

  async complete(stack, api) {
    const done: string[] = [];
    for (const { logicalId, physicalId, properties } of stack.ofType(FUNCTION)) {
      const wanted = properties.ReservedConcurrentExecutions;
      if (typeof wanted !== 'number' || (await reserved(api, physicalId)) === wanted) continue;
      await api.lambda.send(
        new PutFunctionConcurrencyCommand({ FunctionName: physicalId, ReservedConcurrentExecutions: wanted }),
      );
      done.push(`${logicalId}: at most ${wanted} at once`);
    }
    return done;
  },
};
