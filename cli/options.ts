import { Command, InvalidArgumentError, Option } from 'commander';
import { SEVERITIES } from '../lib/model/severity';
import { UsageError } from './command-error';
import type { Io } from './io';

/** Every command has these. */
export interface JsonOptions {
  readonly json?: boolean;
  readonly debug?: boolean;
}

/** Commands that talk to AWS. */
export interface AwsOptions extends JsonOptions {
  readonly stack?: string;
  readonly region?: string;
  readonly profile?: string;
}

export function withJson(command: Command): Command {
  return command
    .option('--json', 'print JSON to standard output, and nothing else there')
    .option('--debug', 'on an error, print where in the code it happened');
}

export function withAws(command: Command): Command {
  return withJson(command)
    .option('--stack <name>', "the CloudFormation stack (default: 'stack' of firebreak.yaml, else Firebreak)")
    .option('--region <region>', "where it is deployed (default: 'region' of firebreak.yaml, else the environment's)")
    .option('--profile <name>', 'profile of the AWS configuration');
}

export function withBy(command: Command): Command {
  return command.option('--by <name>', 'who you are; is written into the record (default: FIREBREAK_BY)');
}

/** @throws UsageError where nobody says who it is: a record without a name helps nobody. */
export function nameOf(options: { readonly by?: string }, io: Io): string {
  const by = (options.by ?? io.env.FIREBREAK_BY ?? '').trim();
  if (by === '') throw new UsageError('say who you are, by --by NAME or the environment variable FIREBREAK_BY');
  if (by.length > 100) throw new UsageError(`--by takes at most 100 characters, got ${by.length}`);
  return by;
}

export function incidentId(text: string): string {
  if (/^inc-[0-9a-z-]{8,60}$/.test(text)) return text;
  throw new InvalidArgumentError("The id of an incident begins with 'inc-'; `firebreak incident list` shows them.");
}

export function containmentIdArgument(text: string): string {
  if (/^con-[0-9a-f]{32}$/.test(text)) return text;
  throw new InvalidArgumentError(
    "The id of a containment is 'con-' and 32 hexadecimal digits; `firebreak incident show` names them.",
  );
}

export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

/** Text of a record: at most as long as the deployed stack takes it. */
export function sentence(most: number): (text: string) => string {
  return (text) => {
    const trimmed = text.trim();
    if (trimmed.length > 0 && trimmed.length <= most) return trimmed;
    throw new InvalidArgumentError(`It must have 1 to ${most} characters, got ${trimmed.length}.`);
  };
}

export function severityOption(): Option {
  return new Option('--severity <severity>', 'how bad it is; SEV1 is the worst').choices([...SEVERITIES]);
}
