import type { Command } from 'commander';
import { type BrakeOptions, setBrake } from './brake';
import type { Io } from './io';
import { nameOf, sentence, withAws, withBy } from './options';
import { print, safe } from './print';

/** `firebreak pause`: pulls the brake. Nothing is contained or released while it is on; people are paged as before. */
export function registerPause(program: Command, io: Io): void {
  withAws(
    withBy(
      program
        .command('pause')
        .description('pull the brake: Firebreak changes nothing until it is resumed; it still detects and pages')
        .requiredOption('--reason <text>', 'why', sentence(500))
        .option('--parameter <name>', 'the SSM parameter, where the stack cannot be asked'),
    ),
  ).action(async (options: BrakeOptions & { readonly reason: string }) => {
    const by = nameOf(options, io);
    const value = `paused by ${safe(by, 100)} at ${new Date().toISOString()}: ${safe(options.reason, 500)}`;
    const state = await setBrake(io, options, value);
    print(io, options, state, () => [
      `The brake is on, read back from ${state.parameter}:`,
      `  ${safe(state.value, 1000)}`,
    ]);
  });
}
