import type { Command } from 'commander';
import type { SuppressedCount } from '../../lambdas/shared/store/suppressions';
import { Firebreak } from '../ask';
import type { Io } from '../io';
import { type AwsOptions, withAws } from '../options';
import { columns, print, safe, time } from '../print';

export function registerSuppressed(parent: Command, io: Io): void {
  withAws(
    parent.command('suppressed').description('what suppressions kept quiet: how many, by whose word, until when'),
  ).action(async (options: AwsOptions) => {
    const firebreak = await Firebreak.find(options, io);
    const counts = await firebreak.query<SuppressedCount[]>({ op: 'suppressed' });
    print(io, options, counts, () => (counts.length === 0 ? ['Nothing was suppressed.'] : table(counts)));
  });
}

function table(counts: readonly SuppressedCount[]): string[] {
  return columns([
    ['alerts', 'suppression', 'owner', 'until', 'last', 'what'],
    ...counts.map(({ name, owner, until, count, lastAt, lastTitle }) => [
      String(count),
      safe(name, 40),
      safe(owner, 40),
      time(until),
      time(lastAt),
      safe(lastTitle, 80),
    ]),
  ]);
}
