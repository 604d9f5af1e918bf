import { type Command, Argument, InvalidArgumentError } from 'commander';
import { MOMENTS, type Moment } from '../../lib/model/notification';
import { Firebreak } from '../ask';
import type { Io } from '../io';
import { type AwsOptions, incidentId, nameOf, sentence, withAws, withBy } from '../options';
import { print, time } from '../print';

interface Options extends AwsOptions {
  readonly by?: string;
  readonly at?: string;
  readonly reason: string;
}

export function registerMoment(parent: Command, io: Io): void {
  withAws(
    withBy(
      parent
        .command('moment')
        .description(
          'record when you became aware, classified it or found it material, from which notification clocks count, or when all worked again (recovery)',
        )
        .argument('<incident>', 'its id', incidentId)
        .addArgument(new Argument('<moment>', 'which').choices(MOMENTS))
        .option('--at <time>', "when it was, such as '2026-11-21T03:15:00Z' (default: now)", instant)
        .requiredOption('--reason <text>', 'on whose word, and why', sentence(1000)),
    ),
  ).action(async (id: string, moment: Moment, options: Options) => {
    const by = nameOf(options, io);
    const firebreak = await Firebreak.find(options, io);
    const answer = await firebreak.respond<{ at: string }>({
      op: 'moment',
      incidentId: id,
      by,
      moment,
      at: options.at ?? new Date().toISOString(),
      reason: options.reason,
    });
    print(io, options, answer, () => [`Recorded: ${moment} at ${time(answer.at)}.`]);
  });
}

function instant(text: string): string {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text))) {
    return new Date(text).toISOString();
  }
  throw new InvalidArgumentError('It must be a time with its zone, such as 2026-11-21T03:15:00Z.');
}
