import type { ActionContext } from '../../../lambdas/contain/runbook-host/action';
import { choose, isRecent, type Choice } from './choose';
import { historyOf } from './history';
import { readOpenRules, sameAccess, type Rule } from './rules';

/** The undo record. */
export type Before = {
  /** When the rules were read; ISO 8601. Records of older versions have none. */
  readonly readAt?: string;
  /** Every rule that was open to the world, with what is done with it. */
  readonly choices: Choice[];
};

/**
 * What is done with each rule that is open to the world now. What the undo record decided stands: people were shown it.
 * What it does not know was opened after it, which says since when while the record is young, and says nothing once it is
 * old: an attempt weeks later, of a containment that nobody released, judges that as a first attempt would.
 */
export async function judge(before: Before, context: ActionContext): Promise<Choice[]> {
  const recorded: Choice[] = [];
  const since: Rule[] = [];
  for (const rule of await readOpenRules(context)) {
    // Ids outlive changes in place: a rule that lets in something else by now is not the one that was read.
    const known = before.choices.find((choice) => choice.rule.id === rule.id && sameAccess(choice.rule, rule));
    if (known) recorded.push({ ...known, rule });
    else since.push(rule);
  }
  return [...recorded, ...(await judgeAnew(since, before, context))];
}

/** Whether this attempt found a record that an earlier one had written. */
export function isLaterAttempt({ readAt }: Before, { startedAt }: ActionContext): boolean {
  return readAt === undefined || readAt < startedAt;
}

/** Whether whatever was opened after the record counts as the incident's, without asking anybody since when. */
export function saysSinceWhen({ readAt }: Before, { startedAt }: ActionContext): boolean {
  return readAt !== undefined && isRecent(readAt, startedAt);
}

async function judgeAnew(rules: readonly Rule[], before: Before, context: ActionContext): Promise<Choice[]> {
  if (rules.length === 0) return [];
  if (!saysSinceWhen(before, context)) return choose(rules, await historyOf(context), context.startedAt);
  const because = `opened after the state was written down on ${before.readAt ?? ''}`;
  return rules.map((rule) => ({ rule, revoke: true, because }));
}
