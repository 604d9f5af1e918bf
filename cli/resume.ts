import type { Command } from 'commander';
import { BRAKE_RELEASED } from '../lambdas/shared/brake';
import { type BrakeOptions, setBrake } from './brake';
import type { Io } from './io';
import { withAws } from './options';
import { print } from './print';

/** `firebreak resume`: lets the brake go. */
export function registerResume(program: Command, io: Io): void {
  withAws(
    program
      .command('resume')
      .description('let the brake go: Firebreak contains again')
      .option('--parameter <name>', 'the SSM parameter, where the stack cannot be asked'),
  ).action(async (options: BrakeOptions) => {
    const state = await setBrake(io, options, BRAKE_RELEASED);
    print(io, options, state, () => [
      `The brake is released, read back from ${state.parameter}. What was refused meanwhile is not made up for: look at 'firebreak incident list'.`,
    ]);
  });
}
