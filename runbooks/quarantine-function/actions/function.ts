import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListAliasesCommand,
  ListVersionsByFunctionCommand,
  type FunctionConfiguration,
} from '@aws-sdk/client-lambda';
import type { ActionContext } from '../../../lambdas/contain/runbook-host/action';
import { isNamed } from '../../../lambdas/shared/aws-error';

type Reader = Pick<ActionContext, 'target' | 'aws'>;

/** The name out of a function's ARN without qualifier. */
export function functionName({ target }: Pick<ActionContext, 'target'>): string {
  const name = /^arn:aws[a-z-]*:lambda:[^:]+:\d{12}:function:([\w-]+)$/.exec(target.id)?.[1];
  if (name === undefined) {
    throw new Error(`'${target.id}' is not the ARN of a Lambda function without version or alias`);
  }
  return name;
}

/** @throws Error that says so where there is no such function. */
export async function readFunction(context: Reader): Promise<FunctionConfiguration> {
  const FunctionName = functionName(context);
  try {
    return await context.aws.of(LambdaClient).send(new GetFunctionConfigurationCommand({ FunctionName }));
  } catch (error) {
    if (!isNamed(error, 'ResourceNotFoundException')) throw error;
    throw new Error(`function '${FunctionName}' does not exist in ${context.target.region}; it may have been deleted`, {
      cause: error,
    });
  }
}

/** Under what else the function can be called: its published versions, oldest first, and its aliases. */
export async function qualifiers(context: Reader): Promise<string[]> {
  const FunctionName = functionName(context);
  const lambda = context.aws.of(LambdaClient);
  const aliases = await allPages(
    (Marker) => lambda.send(new ListAliasesCommand({ FunctionName, Marker })),
    ({ Aliases }) => Aliases,
  );
  const versions = await allPages(
    (Marker) => lambda.send(new ListVersionsByFunctionCommand({ FunctionName, Marker })),
    ({ Versions }) => Versions,
  );
  return [...versions.map(({ Version }) => Version), ...aliases.map(({ Name }) => Name)].filter(
    (name) => name !== undefined && name !== '$LATEST',
  ) as string[];
}

/** All pages of a listing of Lambda. */
export async function allPages<Page extends { readonly NextMarker?: string }, Item>(
  read: (marker: string | undefined) => Promise<Page>,
  items: (page: Page) => readonly Item[] | undefined,
): Promise<Item[]> {
  const found: Item[] = [];
  let marker: string | undefined;
  do {
    const page = await read(marker);
    found.push(...(items(page) ?? []));
    marker = page.NextMarker === '' ? undefined : page.NextMarker;
  } while (marker !== undefined);
  return found;
}

/** The qualifier at the end of a function's ARN; undefined where it has none. */
export function qualifierOf(arn: string): string | undefined {
  return arn.split(':')[7];
}
