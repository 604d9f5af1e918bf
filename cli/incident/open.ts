import { type Command, InvalidArgumentError } from 'commander';
import type { Severity } from '../../lib/model/severity';
import { Firebreak } from '../ask';
import { UsageError } from '../command-error';
import { confirm } from '../confirm';
import type { Io } from '../io';
import { type AwsOptions, nameOf, sentence, severityOption, withAws, withBy } from '../options';
import { print } from '../print';
import { namedTarget, runbookArgument, targetIn } from '../target';

interface Options extends AwsOptions {
  readonly by?: string;
  readonly title: string;
  readonly severity: Severity;
  readonly contain: readonly string[];
  readonly yes?: boolean;
}

export function registerOpen(parent: Command, io: Io): void {
  withAws(
    withBy(
      parent
        .command('open')
        .description('open an incident by hand; people are paged, and what --contain names is contained')
        .requiredOption('--title <text>', 'what has happened, in one sentence', sentence(200))
        .addOption(severityOption().makeOptionMandatory())
        .option(
          '--contain <runbook=arn>',
          'contain this at once, within the guard rails; may be given again',
          collect,
          [],
        )
        .option('--yes', 'do not ask before containing'),
    ),
  ).action(async (options: Options) => {
    const by = nameOf(options, io);
    const { title, severity } = options;
    const named = options.contain.map(containment);
    if (named.length > 0) {
      const what = named.map(({ runbook, target }) => `${runbook} on ${target.id}`).join(', ');
      await confirm(io, options, `This contains at once: ${what}.`);
    }
    const firebreak = await Firebreak.find(options, io);
    const contain = named.map(({ runbook, target }) => ({ runbook, target: targetIn(firebreak.stack, target) }));
    const opened = await firebreak.respond<{ incidentId: string }>({ op: 'open', by, title, severity, contain });
    print(io, options, opened, () => [`Opened ${opened.incidentId}; people are being paged.`]);
  });
}

function collect(text: string, before: readonly string[]): string[] {
  if (before.length >= 20) throw new InvalidArgumentError('An incident takes at most 20.');
  return [...before, text];
}

function containment(text: string) {
  const [, id, arn] = /^([a-z-]+)=(.+)$/.exec(text) ?? [];
  if (id === undefined || arn === undefined) {
    throw new UsageError(
      `--contain takes RUNBOOK=ARN, such as disable-access-key=arn:aws:iam::111122223333:user/x; got '${text}'`,
    );
  }
  return { runbook: id, target: namedTarget(runbookArgument(id), arn) };
}
