import {
  GetEventSourceMappingCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import { textOf } from '../template';
import { type Describers } from './describers';

export const functions: Describers = {
  'AWS::Lambda::Function': async (api, { physicalId: FunctionName }) => {
    const found = await api.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const concurrency = await api.lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }));
    return {
      Architectures: found.Architectures,
      'DeadLetterConfig.TargetArn': found.DeadLetterConfig?.TargetArn,
      'Environment.Variables': found.Environment?.Variables,
      Handler: found.Handler,
      'LoggingConfig.LogFormat': found.LoggingConfig?.LogFormat,
      'LoggingConfig.LogGroup': found.LoggingConfig?.LogGroup,
      MemorySize: found.MemorySize,
      ReservedConcurrentExecutions: concurrency.ReservedConcurrentExecutions,
      Role: found.Role,
      Runtime: found.Runtime,
      Timeout: found.Timeout,
      'TracingConfig.Mode': found.TracingConfig?.Mode,
    };
  },
  'AWS::Lambda::EventInvokeConfig': async (api, { properties }) => {
    const FunctionName = String(properties.FunctionName);
    const Qualifier = textOf(properties.Qualifier, '$LATEST');
    const found = await api.lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName, Qualifier }));
    return {
      DestinationConfig: found.DestinationConfig,
      MaximumEventAgeInSeconds: found.MaximumEventAgeInSeconds,
      MaximumRetryAttempts: found.MaximumRetryAttempts,
    };
  },
  'AWS::Lambda::EventSourceMapping': async (api, { physicalId: UUID }) => {
    const found = await api.lambda.send(new GetEventSourceMappingCommand({ UUID }));
    return {
      BatchSize: found.BatchSize,
      BisectBatchOnFunctionError: found.BisectBatchOnFunctionError,
      DestinationConfig: found.DestinationConfig,
      FilterCriteria: found.FilterCriteria,
      FunctionResponseTypes: found.FunctionResponseTypes,
      MaximumBatchingWindowInSeconds: found.MaximumBatchingWindowInSeconds,
      MaximumRetryAttempts: found.MaximumRetryAttempts,
      ScalingConfig: found.ScalingConfig,
    };
  },
};
