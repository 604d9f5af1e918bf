import { type Command, InvalidArgumentError } from 'commander';
import { Firebreak } from '../ask';
import type { Io } from '../io';
import { type AwsOptions, incidentId, nameOf, sentence, withAws, withBy } from '../options';
import { print, time } from '../print';

interface Options extends AwsOptions {
  readonly by?: string;
  readonly for: number;
  readonly reason: string;
}

export function registerSnooze(parent: Command, io: Io): void {
  withAws(
    withBy(
      parent
        .command('snooze')
        .description('page nobody for a while; the chain goes on by itself, and at once where it gets worse')
        .argument('<incident>', 'its id', incidentId)
        .requiredOption('--for <duration>', "how long, such as '45m' or '8h'; less for what is worse", minutes)
        .requiredOption('--reason <text>', 'why it can wait', sentence(1000)),
    ),
  ).action(async (id: string, options: Options) => {
    const by = nameOf(options, io);
    const firebreak = await Firebreak.find(options, io);
    const answer = await firebreak.respond<{ snoozedUntil: string }>({
      op: 'snooze',
      incidentId: id,
      by,
      reason: options.reason,
      minutes: options.for,
    });
    print(io, options, answer, () => [`Nobody is paged until ${time(answer.snoozedUntil)}.`]);
  });
}

const MINUTES = { m: 1, h: 60, d: 1440 } as const;

function minutes(text: string): number {
  const [, amount, unit] = /^([1-9]\d{0,3})([mhd])$/.exec(text) ?? [];
  if (amount === undefined || unit === undefined) {
    throw new InvalidArgumentError("It must be a whole number and 'm', 'h' or 'd', such as 45m.");
  }
  return Number(amount) * MINUTES[unit as keyof typeof MINUTES];
}
