import type { Command } from 'commander';
import { Firebreak } from '../ask';
import { confirm } from '../confirm';
import type { Io } from '../io';
import {
  type AwsOptions,
  containmentIdArgument,
  incidentId,
  nameOf,
  sentence,
  wholeNumber,
  withAws,
  withBy,
} from '../options';
import { columns, print, safe } from '../print';
import { type ContainmentView, releaseAndWait } from '../release';

interface Options extends AwsOptions {
  readonly by?: string;
  readonly incident?: string;
  readonly reason: string;
  readonly force?: boolean;
  readonly reactivateKeys?: boolean;
  readonly yes?: boolean;
  readonly wait: number;
}

export function registerRelease(parent: Command, io: Io): void {
  withAws(
    withBy(
      parent
        .command('release')
        .description('take a containment back, and wait until that has been read back; exit code 1 where it was not')
        .argument('<containment>', 'its id', containmentIdArgument)
        .requiredOption('--reason <text>', 'why it may go', sentence(1000))
        .option('--incident <incident>', 'whose hold is given up, where several incidents hold it', incidentId)
        .option('--force', 'release although the target was changed meanwhile by somebody else')
        .option('--reactivate-keys', 'make leaked access keys active again; issue new ones instead where you can')
        .option('--yes', 'do not ask')
        .option('--wait <seconds>', 'how long to wait for the end', wholeNumber(1, 3600), 600),
    ),
  ).action(async (id: string, options: Options) => {
    const by = nameOf(options, io);
    const firebreak = await Firebreak.find(options, io);
    const before = await firebreak.query<ContainmentView>({ op: 'containment', containmentId: id });
    await confirm(io, options, question(before, options));
    const ended = await releaseAndWait(firebreak, {
      containmentId: id,
      ...(options.incident !== undefined && { incidentId: options.incident }),
      by,
      reason: options.reason,
      force: options.force === true,
      reactivateKeys: options.reactivateKeys === true,
      seconds: options.wait,
      tell: ({ text }) => io.progress(safe(text)),
    });
    print(io, options, ended, () => [
      (ended.ok ? io.colours.green : io.colours.red)(safe(ended.text, 500)),
      ...columns(ended.actions.map((action) => [' ', action.status, safe(action.action), safe(action.detail, 200)])),
    ]);
    if (!ended.ok) io.exitCode = 1;
  });
}

function question({ containment }: ContainmentView, options: Options): string {
  const { runbook, target, status, holds } = containment;
  const rest = holds.length > 1 ? ` ${holds.length} incidents hold it: only one hold is given up.` : '';
  const keys = options.reactivateKeys ? ' LEAKED KEYS BECOME ACTIVE AGAIN.' : '';
  const force = options.force ? ' It is forced: changes made meanwhile are overwritten.' : '';
  return `This releases ${runbook} on ${safe(target.id)} (now ${status}).${rest}${keys}${force}`;
}
