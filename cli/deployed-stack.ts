import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { parseArn } from '../lambdas/detect/detector/entities/arn';
import type { AwsConfig } from './aws';
import { CommandError } from './command-error';

/** Outputs of the stack that the command line needs. */
export type OutputKey =
  | 'FirebreakQueryFunction'
  | 'FirebreakRespondFunction'
  | 'FirebreakBrakeParameter'
  | 'FirebreakVaultBucket'
  | 'FirebreakIncidentTable'
  | 'FirebreakAlertQueue'
  | 'FirebreakEventBus'
  | 'FirebreakAcknowledgeUrl'
  | 'FirebreakTopics'
  | 'FirebreakDeadLetterQueues'
  | 'FirebreakLogGroups'
  | 'FirebreakMachines'
  | 'FirebreakExercise';

/** What CloudFormation says of a deployed Firebreak. */
export class DeployedStack {
  public constructor(
    public readonly name: string,
    public readonly status: string,
    /** Where it is deployed; it contains nowhere else. */
    public readonly place: { readonly account: string; readonly region: string },
    private readonly outputs: Readonly<Record<string, string>>,
  ) {}

  /** @throws CommandError where the stack has no such output. */
  public output(key: OutputKey): string {
    const value = this.outputs[key];
    if (value !== undefined) return value;
    throw new CommandError(
      `stack '${this.name}' has no output '${key}'; it is no Firebreak, or of another version: deploy it again, or name another by --stack`,
    );
  }

  /** An output that a stack has only where there is something to say. */
  public optional(key: OutputKey): string | undefined {
    return this.outputs[key];
  }

  /** A comma-separated output; none where it is missing or empty. */
  public list(key: OutputKey): string[] {
    return (this.outputs[key] ?? '').split(',').flatMap((item) => item.trim() || []);
  }
}

/** @throws CommandError where there is no such stack. */
export async function readStack(aws: AwsConfig, name: string): Promise<DeployedStack> {
  const client = new CloudFormationClient(aws);
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name }));
    const stack = Stacks?.[0];
    if (!stack) throw notThere(name, await client.config.region());
    const outputs = (stack.Outputs ?? []).map((output) => [output.OutputKey ?? '', output.OutputValue ?? ''] as const);
    const { account = '', region = '' } = parseArn(stack.StackId ?? '') ?? {};
    return new DeployedStack(name, stack.StackStatus ?? 'UNKNOWN', { account, region }, Object.fromEntries(outputs));
  } catch (error) {
    // CloudFormation's word for "does not exist".
    if (error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message)) {
      throw notThere(name, await client.config.region());
    }
    throw error;
  } finally {
    client.destroy();
  }
}

function notThere(name: string, region: string): CommandError {
  return new CommandError(
    `there is no stack '${name}' in ${region}; name another by --stack or --region, or deploy it with 'npx cdk deploy'`,
  );
}
