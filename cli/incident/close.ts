import type { Command } from 'commander';
import { Firebreak } from '../ask';
import type { Io } from '../io';
import { type AwsOptions, incidentId, nameOf, sentence, withAws, withBy } from '../options';
import { print, time } from '../print';

interface Options extends AwsOptions {
  readonly by?: string;
  readonly reason: string;
}

export function registerClose(parent: Command, io: Io): void {
  withAws(
    withBy(
      parent
        .command('close')
        .description('close an incident; its containments stay until they are released')
        .argument('<incident>', 'its id', incidentId)
        .requiredOption('--reason <text>', 'why it is over', sentence(1000)),
    ),
  ).action(async (id: string, options: Options) => {
    const by = nameOf(options, io);
    const firebreak = await Firebreak.find(options, io);
    const answer = await firebreak.respond<{ closedAt?: string }>({
      op: 'close',
      incidentId: id,
      by,
      reason: options.reason,
    });
    print(io, options, answer, () => [
      `Closed at ${time(answer.closedAt)}. Its containments stay until they are released.`,
    ]);
  });
}
