import { DescribeStateMachineCommand } from '@aws-sdk/client-sfn';
import { type Describers } from './describers';

export const machines: Describers = {
  'AWS::StepFunctions::StateMachine': async (api, { physicalId: stateMachineArn }) => {
    const found = await api.machines.send(new DescribeStateMachineCommand({ stateMachineArn }));
    return {
      DefinitionString: found.definition,
      'LoggingConfiguration.Level': found.loggingConfiguration?.level,
      'LoggingConfiguration.IncludeExecutionData': found.loggingConfiguration?.includeExecutionData,
      RoleArn: found.roleArn,
      StateMachineType: found.type,
      'TracingConfiguration.Enabled': found.tracingConfiguration?.enabled,
    };
  },
};
