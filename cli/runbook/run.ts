import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { containmentId } from '../../lib/model/ids';
import type { ContainmentStatus } from '../../lib/model/containment';
import type { RunbookFacts } from '../../lib/model/runbook-facts';
import type { Severity } from '../../lib/model/severity';
import { Firebreak } from '../ask';
import { UsageError } from '../command-error';
import { confirm } from '../confirm';
import type { Io } from '../io';
import { type AwsOptions, nameOf, sentence, severityOption, wholeNumber, withAws, withBy } from '../options';
import { columns, print, safe } from '../print';
import { readIncident } from '../read-incident';
import { namedTarget, runbookArgument, targetIn } from '../target';
import { askPlan, planPage } from './plan';

interface Options extends AwsOptions {
  readonly by?: string;
  readonly target: string;
  readonly reason: string;
  readonly severity: Severity;
  readonly yes?: boolean;
  readonly wait: number;
}

/** How it ended, as the store says it. */
interface RunEnd {
  readonly ok: boolean;
  readonly outcome: ContainmentStatus | 'not-started';
  readonly text: string;
  readonly incidentId: string;
  readonly containmentId: string;
  /** How often it was found undone, and made again. */
  readonly timesUndone: number;
}

export function registerRun(parent: Command, io: Io): void {
  withAws(
    withBy(
      parent
        .command('run')
        .description('contain this target now, and wait until it has held; exit code 1 where that is not proven')
        .argument('<runbook>', 'its id', runbookArgument)
        .requiredOption('--target <arn>', 'ARN of what is contained; of an account its id')
        .requiredOption('--reason <text>', 'why; becomes the title of the incident that this opens', sentence(200))
        .addOption(severityOption().default('SEV2'))
        .option('--yes', 'do not ask')
        .option('--wait <seconds>', 'how long to wait for the end', wholeNumber(1, 7200), 900),
    ),
  ).action(async (facts: RunbookFacts, options: Options) => {
    const by = nameOf(options, io);
    const named = namedTarget(facts, options.target);
    if (options.yes !== true && !io.ask) {
      throw new UsageError(`This contains ${named.id}. Nobody can be asked here: add --yes where it is meant`);
    }
    const firebreak = await Firebreak.find(options, io);
    const target = targetIn(firebreak.stack, named);
    if (options.yes !== true) {
      // On standard error, like the question: whoever answers has read what it is about.
      const preview = await askPlan(firebreak, facts, target);
      io.err(`${planPage(facts, preview, io).join('\n')}\n`);
      await confirm(io, options, `This contains ${safe(target.id)} by '${facts.title}', and pages people.`);
    }
    const contain = [{ runbook: facts.id, target }];
    const { incidentId } = await firebreak.respond<{ incidentId: string }>({
      op: 'open',
      by,
      title: options.reason,
      severity: options.severity,
      contain,
    });
    const ended = await waitForEnd(firebreak, { incidentId, id: containmentId(facts.id, target) }, options, io);
    print(io, options, ended, () => [
      (ended.ok ? io.colours.green : io.colours.red)(safe(ended.text, 500)),
      ...columns([
        ['  incident', ended.incidentId],
        ['  containment', ended.containmentId],
      ]),
    ]);
    if (!ended.ok) io.exitCode = 1;
  });
}

const OVER: readonly ContainmentStatus[] = [
  'held',
  'failed',
  'refused',
  'not-approved',
  'planned',
  'released',
  'release-failed',
];

async function waitForEnd(
  firebreak: Firebreak,
  { incidentId, id }: { readonly incidentId: string; readonly id: string },
  options: Options,
  io: Io,
): Promise<RunEnd> {
  const giveUp = Date.now() + options.wait * 1000;
  let told = 0;
  for (let pause = 250; ; pause = Math.min(pause * 1.3, 3000)) {
    const { timeline, containments } = await readIncident(firebreak, incidentId);
    for (const { text } of timeline.slice(told)) io.progress(safe(text));
    told = timeline.length;
    const containment = containments.find((one) => one.containment.id === id)?.containment;
    const known = { incidentId, containmentId: id, timesUndone: containment?.timesUndone ?? 0 };
    if (containment && OVER.includes(containment.status)) {
      const ok = containment.status === 'held';
      return {
        ok,
        outcome: containment.status,
        text: endText(containment.status, containment.reason, known),
        ...known,
      };
    }
    if (Date.now() > giveUp) {
      const text = `It has not ended after ${options.wait} seconds, and is not proven contained; 'firebreak incident show ${incidentId}' tells how it goes on`;
      return { ok: false, outcome: containment?.status ?? 'not-started', text, ...known };
    }
    await sleep(pause);
  }
}

function endText(
  status: ContainmentStatus,
  reason: string | undefined,
  { timesUndone }: Pick<RunEnd, 'timesUndone'>,
): string {
  if (status !== 'held') return reason ?? `It is ${status}, and not contained`;
  const undone = timesUndone === 0 ? '' : `; it was undone ${timesUndone} time(s) before: find who did that`;
  return `Contained: every action was read back, and still there when the watch ended${undone}`;
}
