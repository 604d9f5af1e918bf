import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { type AwsApi } from '../api';
import { type DeployedStack, joinStack } from '../stack';
import { type Template } from '../template';

/** Something that a template asks for, the emulator drops, and its API can do: done by API after a deployment. */
export interface Completion {
  readonly name: string;
  /** What the emulator does instead. */
  readonly why: string;
  /** Tries the emulator out: false once it does by itself what this does for it. */
  needed(api: AwsApi): Promise<boolean>;
  /** Does it for a deployed stack, again and again with the same result. Gives a line for each thing it set. */
  complete(stack: DeployedStack, api: AwsApi): Promise<string[]>;
}

let probes = 0;

/** Deploys a small template, looks at what became of it, and takes it away again. */
export async function tryOut<T>(
  api: AwsApi,
  resources: Template['Resources'],
  look: (stack: DeployedStack) => Promise<T>,
): Promise<T> {
  const StackName = `probe-${process.pid}-${Date.now().toString(36)}-${probes++}`;
  const template: Template = { Resources: resources };
  await api.stacks.send(new CreateStackCommand({ StackName, TemplateBody: JSON.stringify(template) }));
  try {
    // The waiter's first look is after its shortest delay; a stack of one resource is there at once.
    const first = await api.stacks.send(new DescribeStacksCommand({ StackName }));
    if (first.Stacks?.[0]?.StackStatus !== 'CREATE_COMPLETE') {
      await waitUntilStackCreateComplete(
        { client: api.stacks, maxWaitTime: 20, minDelay: 1, maxDelay: 1 },
        { StackName },
      );
    }
    return await look(await joinStack(api, StackName, template));
  } finally {
    await api.stacks.send(new DeleteStackCommand({ StackName }));
  }
}

/** The stack's only resource of that type. */
export function only(stack: DeployedStack, type: string): DeployedStack['resources'][number] {
  const [resource] = stack.ofType(type);
  if (resource === undefined) throw new Error(`${stack.name} has no ${type}`);
  return resource;
}

/** Gives undefined where the API says by this error that there is none. */
export async function orNone<T>(names: readonly string[], call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (names.includes((error as Error).name)) return undefined;
    throw error;
  }
}
