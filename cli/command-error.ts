/** What a person asked for cannot be had; the message says why and what to do. Exit code 1, no stack trace. */
export class CommandError extends Error {
  public override readonly name: string = 'CommandError';
}

/** The command was not written as it should be. Exit code 2. */
export class UsageError extends CommandError {
  public override readonly name = 'UsageError';
}
