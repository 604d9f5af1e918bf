import { Command, CommanderError } from 'commander';
import { COMMANDS } from './commands';
import { UsageError } from './command-error';
import { explainError } from './explain-error';
import type { Io } from './io';

export const EXIT = { ok: 0, bad: 1, usage: 2 } as const;

/** The command line, without running it. */
export function makeProgram(io: Io, version: string): Command {
  const program = new Command('firebreak')
    .description('Incident response as code for AWS')
    .version(version)
    .helpCommand('help [command]', 'tell about a command')
    .showHelpAfterError('(add --help to see what it takes)')
    .showSuggestionAfterError();
  for (const register of COMMANDS) register(program, io);
  for (const command of everyCommand(program)) {
    command.exitOverride().configureOutput({ writeOut: io.out, writeErr: io.err });
  }
  return program;
}

/**
 * Runs one command line.
 *
 * @param argv what stands behind the program's name.
 * @returns the exit code: 0 success, 1 the thing you asked about is bad, 2 wrong usage.
 */
export async function run(argv: readonly string[], io: Io, version: string): Promise<number> {
  try {
    await makeProgram(io, version).parseAsync(argv, { from: 'user' });
    return io.exitCode;
  } catch (error) {
    // Commander has said already what is wrong with the usage.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    io.err(`firebreak: ${explainError(error, io.env)}\n`);
    if (argv.includes('--debug') && error instanceof Error) io.err(`${error.stack ?? ''}\n`);
    return error instanceof UsageError ? EXIT.usage : EXIT.bad;
  }
}

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}
