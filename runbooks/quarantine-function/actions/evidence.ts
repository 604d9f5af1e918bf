import {
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetPolicyCommand,
  LambdaClient,
  ListAliasesCommand,
  ListEventSourceMappingsCommand,
  ListFunctionEventInvokeConfigsCommand,
  ListFunctionUrlConfigsCommand,
  ListProvisionedConcurrencyConfigsCommand,
  ListVersionsByFunctionCommand,
  type FunctionConfiguration,
} from '@aws-sdk/client-lambda';
import type { EvidenceSource } from '../../../lambdas/contain/runbook-host/action';
import { jsonEvidence, trailEvidence } from '../../../lambdas/contain/runbook-host/evidence-sources';
import { isNamed } from '../../../lambdas/shared/aws-error';
import { canonicalJson } from '../../../lib/model/canonical-json';
import { sha256 } from '../../../lib/model/ids';
import { copyCode } from './code';
import { allPages, functionName, readFunction } from './function';

/**
 * Environment variables are where secrets lie: their names are kept, and one hash over all of them, which tells
 * whether they were changed and cannot be guessed back one by one.
 */
export function withoutSecrets(configuration: FunctionConfiguration): object {
  const { Environment, ...rest } = configuration;
  const variables = Environment?.Variables ?? {};
  return {
    ...rest,
    $metadata: undefined,
    Environment: {
      names: Object.keys(variables).sort(),
      sha256: sha256(canonicalJson(variables)),
      error: Environment?.Error,
    },
  };
}

/** Code first: it is what an attacker who still has a key would replace. */
export const evidence: readonly EvidenceSource[] = [
  jsonEvidence('code', 'lambda:GetFunction, and its code by the address that it gives', async (context) => {
    const { Code, Configuration } = await context.aws
      .of(LambdaClient)
      .send(new GetFunctionCommand({ FunctionName: functionName(context) }));
    return copyCode(Code, Configuration);
  }),
  jsonEvidence('configuration', 'lambda:GetFunctionConfiguration', async (context) =>
    withoutSecrets(await readFunction(context)),
  ),
  jsonEvidence('versions', 'lambda:ListVersionsByFunction, lambda:ListAliases', async (context) => {
    const FunctionName = functionName(context);
    const lambda = context.aws.of(LambdaClient);
    const versions = await allPages(
      (Marker) => lambda.send(new ListVersionsByFunctionCommand({ FunctionName, Marker })),
      (page) => page.Versions,
    );
    const aliases = await allPages(
      (Marker) => lambda.send(new ListAliasesCommand({ FunctionName, Marker })),
      (page) => page.Aliases,
    );
    return { versions: versions.map(withoutSecrets), aliases };
  }),
  jsonEvidence('policy', 'lambda:GetPolicy', async (context) => {
    try {
      const { Policy } = await context.aws
        .of(LambdaClient)
        .send(new GetPolicyCommand({ FunctionName: functionName(context) }));
      return { policy: JSON.parse(Policy ?? '{}') as unknown };
    } catch (error) {
      if (isNamed(error, 'ResourceNotFoundException')) return { absent: true };
      throw error;
    }
  }),
  jsonEvidence(
    'triggers',
    'lambda:ListEventSourceMappings, lambda:ListFunctionUrlConfigs, lambda:ListFunctionEventInvokeConfigs',
    async (context) => {
      const FunctionName = functionName(context);
      const lambda = context.aws.of(LambdaClient);
      return {
        eventSources: await allPages(
          (Marker) => lambda.send(new ListEventSourceMappingsCommand({ FunctionName, Marker })),
          (page) => page.EventSourceMappings,
        ),
        urls: await allPages(
          (Marker) => lambda.send(new ListFunctionUrlConfigsCommand({ FunctionName, Marker })),
          (page) => page.FunctionUrlConfigs,
        ),
        destinations: await allPages(
          (Marker) => lambda.send(new ListFunctionEventInvokeConfigsCommand({ FunctionName, Marker })),
          (page) => page.FunctionEventInvokeConfigs,
        ),
      };
    },
  ),
  jsonEvidence(
    'concurrency',
    'lambda:GetFunctionConcurrency, lambda:ListProvisionedConcurrencyConfigs',
    async (context) => {
      const FunctionName = functionName(context);
      const lambda = context.aws.of(LambdaClient);
      const { ReservedConcurrentExecutions } = await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }));
      const provisioned = await allPages(
        (Marker) => lambda.send(new ListProvisionedConcurrencyConfigsCommand({ FunctionName, Marker })),
        (page) => page.ProvisionedConcurrencyConfigs,
      );
      return { reserved: ReservedConcurrentExecutions ?? null, provisioned };
    },
  ),
  trailEvidence('cloudtrail-by-function', 'ResourceName', functionName),
];
