import type { Command } from 'commander';
import type { RunbookFacts } from '../../lib/model/runbook-facts';
import type { Change } from '../../lambdas/contain/runbook-host/action';
import type { Target } from '../../lib/model/plan';
import { Firebreak } from '../ask';
import type { Io } from '../io';
import { type AwsOptions, withAws } from '../options';
import { print, safe } from '../print';
import { namedTarget, runbookArgument, targetIn } from '../target';
import { RELEASE_TEXT } from './list';

/** What the runbook's evidence function answers. */
export interface Preview {
  /** Why a guard rail would refuse it; nothing was read then. */
  readonly refusal?: string;
  readonly actions: readonly {
    readonly action: string;
    readonly changes: readonly Change[];
    /** Why it could not be planned. */
    readonly problem?: string;
  }[];
}

export function registerPlan(parent: Command, io: Io): void {
  withAws(
    parent
      .command('plan')
      .description('what a runbook would change on this target now; nothing is changed')
      .argument('<runbook>', 'its id', runbookArgument)
      .requiredOption('--target <arn>', 'ARN of what would be contained; of an account its id'),
  ).action(async (facts: RunbookFacts, options: AwsOptions & { readonly target: string }) => {
    const named = namedTarget(facts, options.target);
    const firebreak = await Firebreak.find(options, io);
    const target = targetIn(firebreak.stack, named);
    const preview = await askPlan(firebreak, facts, target);
    print(io, options, { runbook: facts.id, target, ...preview, limits: facts.limits }, () =>
      planPage(facts, preview, io),
    );
    if (preview.refusal !== undefined) io.exitCode = 1;
  });
}

export function askPlan(firebreak: Firebreak, facts: RunbookFacts, target: Target): Promise<Preview> {
  return firebreak.query<Preview>({ op: 'plan', runbook: facts.id, target: { ...target } });
}

/** For people: each step, what it would change from what to what, how that is taken back, and what it cannot do. */
export function planPage(facts: RunbookFacts, preview: Preview, io: Io): string[] {
  const { bold, dim, red } = io.colours;
  const { refusal } = preview;
  return [
    bold(facts.title),
    ...(refusal === undefined ? [] : [red(`It would be refused: ${safe(refusal)}. Nothing was read.`)]),
    ...facts.actions.flatMap((action, i) => {
      const planned = preview.actions.find((one) => one.action === action.id);
      return [
        `${i + 1}. ${action.title}  ${dim(RELEASE_TEXT[action.release])}`,
        ...(refusal === undefined ? told(planned) : []).map((line) => `     ${line}`),
        ...(action.task === undefined ? [] : [dim(`     after a release, by hand: ${action.task}`)]),
      ];
    }),
    '',
    dim('What it cannot do:'),
    ...facts.limits.map((limit) => `  - ${limit}`),
  ];
}

function told(planned: Preview['actions'][number] | undefined): string[] {
  if (planned?.problem !== undefined) return [`could not be planned: ${safe(planned.problem)}`];
  if (planned === undefined || planned.changes.length === 0) return ['nothing to change: it is so already'];
  return planned.changes.map(
    ({ call, resource, from, to }) => `${safe(call)} ${safe(resource)}: ${safe(from, 200)} → ${safe(to, 200)}`,
  );
}
