import { DescribeStateMachineCommand, type LoggingConfiguration, UpdateStateMachineCommand } from '@aws-sdk/client-sfn';
import { type AwsApi } from '../api';
import { type Completion, only, tryOut } from './completion';

const MACHINE = 'AWS::StepFunctions::StateMachine';

/** The template's shape; the API's has the same words with a small first letter. */
interface TemplateLogging {
  readonly Level?: LoggingConfiguration['level'];
  readonly IncludeExecutionData?: boolean;
  readonly Destinations?: readonly { readonly CloudWatchLogsLogGroup?: { readonly LogGroupArn?: string } }[];
}

async function level(api: AwsApi, stateMachineArn: string): Promise<string | undefined> {
  const { loggingConfiguration } = await api.machines.send(new DescribeStateMachineCommand({ stateMachineArn }));
  return loggingConfiguration?.level;
}

export const sfnLogging: Completion = {
  name: 'sfn-logging',
  why: "CloudFormation drops a state machine's LoggingConfiguration",

  needed: (api) =>
    tryOut(
      api,
      {
        Machine: {
          Type: MACHINE,
          Properties: {
            RoleArn: `arn:aws:iam::${api.account}:role/none`,
            DefinitionString: '{"StartAt":"Done","States":{"Done":{"Type":"Succeed"}}}',
            LoggingConfiguration: { Level: 'ERROR', IncludeExecutionData: false },
          },
        },
      },
      async (stack) => (await level(api, only(stack, MACHINE).physicalId)) !== 'ERROR',
    ),

  async complete(stack, api) {
    const done: string[] = [];
    for (const { logicalId, physicalId, properties } of stack.ofType(MACHINE)) {
      const wanted = properties.LoggingConfiguration as TemplateLogging | undefined;
      if (wanted?.Level === undefined || (await level(api, physicalId)) === wanted.Level) continue;
      const loggingConfiguration: LoggingConfiguration = {
        level: wanted.Level,
        includeExecutionData: wanted.IncludeExecutionData ?? false,
        destinations: (wanted.Destinations ?? []).map(({ CloudWatchLogsLogGroup: group }) => ({
          cloudWatchLogsLogGroup: { logGroupArn: group?.LogGroupArn },
        })),
      };
      await api.machines.send(new UpdateStateMachineCommand({ stateMachineArn: physicalId, loggingConfiguration }));
      done.push(`${logicalId}: logs at level ${wanted.Level}`);
    }
    return done;
  },
};
