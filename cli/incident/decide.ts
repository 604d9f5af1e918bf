import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Command } from 'commander';
import type { DecideAnswer } from '../../lambdas/triage/respond/decide';
import type { Approval } from '../../lib/model/approval';
import { Firebreak } from '../ask';
import { CommandError } from '../command-error';
import { confirm } from '../confirm';
import type { Io } from '../io';
import { type AwsOptions, containmentIdArgument, incidentId, nameOf, sentence, withAws, withBy } from '../options';
import { print, safe, time } from '../print';
import { RELEASE_TEXT } from '../runbook/list';

interface DecideOptions extends AwsOptions {
  readonly by?: string;
  readonly reason: string;
  readonly containment?: string;
  readonly yes?: boolean;
}

/** What was decided; the only part of an answer of `decide` that is not a refusal. */
type Decided = Extract<DecideAnswer, { decided: true }>;

export function registerApprove(parent: Command, io: Io): void {
  register(parent, io, {
    name: 'approve',
    description: 'approve what waits for it: shows the plan, asks, and has exactly that carried out',
    approve: true,
  });
}

export function registerDecline(parent: Command, io: Io): void {
  register(parent, io, {
    name: 'decline',
    description: 'decline what waits for approval: nothing is changed',
    approve: false,
  });
}

function register(
  parent: Command,
  io: Io,
  what: { readonly name: string; readonly description: string; readonly approve: boolean },
): void {
  withAws(
    withBy(
      parent
        .command(what.name)
        .description(what.description)
        .argument('<incident>', 'its id', incidentId)
        .requiredOption('--reason <text>', 'why; is written into the record', sentence(500))
        .option('--containment <id>', 'which one, where several wait', containmentIdArgument)
        .option('--yes', 'do not ask'),
    ),
  ).action(async (id: string, options: DecideOptions) => {
    const by = nameOf(options, io);
    const firebreak = await Firebreak.find(options, io);
    const approval = await theOne(firebreak, id, options.containment);
    for (const line of plan(approval, io)) io.err(`${line}\n`);
    await confirm(io, options, `${what.approve ? 'Approve' : 'Decline'} this plan?`);
    const answer = await firebreak.respond<Decided>({
      op: 'decide',
      incidentId: id,
      approvalId: approval.id,
      planHash: approval.planHash,
      approve: what.approve,
      by,
      reason: options.reason,
      principal: await whoAmI(firebreak),
    });
    print(io, options, { incidentId: id, ...answer, planHash: approval.planHash }, () => [
      what.approve
        ? `Approved; it is carried out now. 'firebreak incident show ${id}' says how it goes.`
        : 'Declined; nothing is changed.',
    ]);
  });
}

/** @throws CommandError where nothing waits, or several and none was named. */
async function theOne(firebreak: Firebreak, id: string, containment: string | undefined): Promise<Approval> {
  const waiting = await firebreak.query<Approval[]>({ op: 'approvals', incidentId: id });
  const found = waiting.filter(({ containmentId }) => containment === undefined || containmentId === containment);
  const [first] = found;
  if (!first) {
    throw new CommandError(
      containment === undefined || waiting.length === 0
        ? `nothing of incident '${id}' waits for approval; 'firebreak incident show ${id}' says how it stands`
        : `containment '${containment}' does not wait for approval; these do: ${waiting.map(({ containmentId }) => containmentId).join(', ')}`,
    );
  }
  if (found.length === 1) return first;
  const names = found.map(
    ({ containmentId, plan: { runbook, target } }) => `  ${containmentId}: ${safe(runbook)} on ${safe(target.id)}`,
  );
  throw new CommandError(
    `${found.length} containments wait for approval; name one by --containment:\n${names.join('\n')}`,
  );
}

/** Whoever acted in the incident does not decide: the stack compares, as far as these credentials tell who it is. */
async function whoAmI(firebreak: Firebreak): Promise<string | undefined> {
  const client = new STSClient(firebreak.aws);
  try {
    return (await client.send(new GetCallerIdentityCommand({}))).Arn;
  } finally {
    client.destroy();
  }
}

function plan({ plan: { title, target, steps, limits }, why, expiresAt, planHash }: Approval, io: Io): string[] {
  const { bold, dim } = io.colours;
  return [
    bold(`${title}: ${safe(target.kind)} ${safe(target.id)}`),
    `Asked because ${safe(why, 1000)}; until ${time(expiresAt)}`,
    ...steps.flatMap(({ title: step, release, changes, problem }, i) => [
      `${i + 1}. ${step}  ${dim(RELEASE_TEXT[release])}`,
      ...(problem === undefined ? [] : [`     could not be planned: ${safe(problem)}`]),
      ...(changes.length === 0 && problem === undefined ? ['     nothing to change: it is so already'] : []),
      ...changes.map(
        ({ call, resource, from, to }) => `     ${safe(call)} ${safe(resource)}: ${safe(from, 200)} → ${safe(to, 200)}`,
      ),
    ]),
    dim('What it cannot do:'),
    ...limits.map((limit) => `  - ${limit}`),
    dim(`Plan ${planHash}`),
  ];
}
