import type { Command } from 'commander';
import { Firebreak } from '../ask';
import type { Io } from '../io';
import { type AwsOptions, incidentId, nameOf, sentence, withAws, withBy } from '../options';
import { print, time } from '../print';

interface Options extends AwsOptions {
  readonly by?: string;
  readonly reason: string;
  readonly falsePositive?: boolean;
}

export function registerClose(parent: Command, io: Io): void {
  withAws(
    withBy(
      parent
        .command('close')
        .description('close an incident; its containments stay until they are released')
        .argument('<incident>', 'its id', incidentId)
        .requiredOption('--reason <text>', 'why it is over', sentence(1000))
        .option('--false-positive', 'nothing bad had happened: counts against the rules that matched'),
    ),
  ).action(async (id: string, options: Options) => {
    const by = nameOf(options, io);
    const firebreak = await Firebreak.find(options, io);
    const answer = await firebreak.respond<{ closedAt?: string }>({
      op: 'close',
      incidentId: id,
      by,
      reason: options.reason,
      falsePositive: options.falsePositive === true,
    });
    print(io, options, answer, () => [
      `Closed at ${time(answer.closedAt)}. Its containments stay until they are released.`,
    ]);
  });
}
