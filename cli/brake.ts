import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { BRAKE_RELEASED } from '../lambdas/shared/brake';
import { whereIs } from './aws';
import { CommandError } from './command-error';
import { readStack } from './deployed-stack';
import { explainError } from './explain-error';
import type { Io } from './io';
import type { AwsOptions } from './options';

export interface BrakeOptions extends AwsOptions {
  readonly by?: string;
  readonly parameter?: string;
}

/** The brake as it was read back after it was written. */
export interface BrakeState {
  readonly paused: boolean;
  readonly value: string;
  readonly parameter: string;
}

/** Writes the brake and reads it back. Needs one parameter, and nothing else of Firebreak. */
export async function setBrake(io: Io, options: BrakeOptions, value: string): Promise<BrakeState> {
  const { aws } = whereIs(options, io);
  const Name = options.parameter ?? (await parameterName(options, io));
  const ssm = new SSMClient(aws);
  await ssm.send(new PutParameterCommand({ Name, Value: value, Type: 'String', Overwrite: true }));
  const read = (await ssm.send(new GetParameterCommand({ Name }))).Parameter?.Value ?? '';
  if (read !== value) {
    throw new CommandError(
      `parameter '${Name}' was written, but reads '${read}' instead of '${value}'; somebody else wrote it: look again`,
    );
  }
  return { paused: read !== BRAKE_RELEASED, value: read, parameter: Name };
}

async function parameterName(options: BrakeOptions, io: Io): Promise<string> {
  const { stack, aws } = whereIs(options, io);
  try {
    return (await readStack(aws, stack)).output('FirebreakBrakeParameter');
  } catch (error) {
    throw new CommandError(
      `the brake was NOT changed, because its name was not found: ${explainError(error, io.env)}; --parameter NAME works without CloudFormation`,
      { cause: error },
    );
  }
}
