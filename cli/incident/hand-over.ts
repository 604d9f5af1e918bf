import type { Command } from 'commander';
import { Firebreak } from '../ask';
import type { Io } from '../io';
import { type AwsOptions, incidentId, nameOf, sentence, withAws, withBy } from '../options';
import { print, safe } from '../print';

interface Options extends AwsOptions {
  readonly by?: string;
  readonly to: string;
  readonly reason: string;
}

export function registerHandOver(parent: Command, io: Io): void {
  withAws(
    withBy(
      parent
        .command('hand-over')
        .description('say who takes care of an acknowledged incident from now on')
        .argument('<incident>', 'its id', incidentId)
        .requiredOption('--to <name>', 'who takes over', sentence(100))
        .requiredOption('--reason <text>', 'why', sentence(1000)),
    ),
  ).action(async (id: string, options: Options) => {
    const by = nameOf(options, io);
    const firebreak = await Firebreak.find(options, io);
    const answer = await firebreak.respond({
      op: 'hand-over',
      incidentId: id,
      by,
      to: options.to,
      reason: options.reason,
    });
    print(io, options, answer, () => [`${safe(options.to)} takes care of it from now on.`]);
  });
}
