import { GetFunctionConfigurationCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { type AwsApi } from '../api';
import { type Completion, only, tryOut } from './completion';

const FUNCTION = 'AWS::Lambda::Function';

async function deadLetters(api: AwsApi, FunctionName: string): Promise<string | undefined> {
  const { DeadLetterConfig } = await api.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  return DeadLetterConfig?.TargetArn;
}

export const lambdaDeadLetters: Completion = {
  name: 'lambda-dead-letters',
  why: "CloudFormation drops a function's DeadLetterConfig: events of asynchronous calls that fail are lost",

  needed: (api) =>
    tryOut(
      api,
      {
        Queue: { Type: 'AWS::SQS::Queue' },
        Function: {
          Type: FUNCTION,
          Properties: {
            Runtime: 'nodejs24.x',
            Handler: 'index.handler',
            Role: `arn:aws:iam::${api.account}:role/none`,
            Code: { ZipFile: 'exports.handler = async () => 1' },
            DeadLetterConfig: { TargetArn: { 'Fn::GetAtt': ['Queue', 'Arn'] } },
          },
        },
      },
      async (stack) => (await deadLetters(api, only(stack, FUNCTION).physicalId)) === undefined,
    ),

  async complete(stack, api) {
    const done: string[] = [];
    for (const { logicalId, physicalId, properties } of stack.ofType(FUNCTION)) {
      const wanted = (properties.DeadLetterConfig as { TargetArn?: string } | undefined)?.TargetArn;
      if (typeof wanted !== 'string' || (await deadLetters(api, physicalId)) === wanted) continue;
      await api.lambda.send(
        new UpdateFunctionConfigurationCommand({ FunctionName: physicalId, DeadLetterConfig: { TargetArn: wanted } }),
      );
      done.push(`${logicalId}: dead letters to ${wanted}`);
    }
    return done;
  },
};
