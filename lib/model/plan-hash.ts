import type { PlannedChange, PlanToApprove } from './approval';
import { canonicalJson } from './canonical-json';
import { sha256 } from './ids';

const TIME = /\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/g;

/**
 * What an approval is bound to: SHA-256 (hex) of the canonical JSON of runbook, target, generation and changes. Two
 * plans that change the same things from the same states have one hash, whenever they were made: the order in which
 * AWS lists things does not count, and of times from `since` on (`now` in a policy that ends sessions) only that they
 * are there.
 */
export function planHash(plan: PlanToApprove, since: string): string {
  return sha256(
    canonicalJson({
      runbook: plan.runbook,
      target: plan.target,
      generation: plan.generation,
      actions: plan.steps.map(({ action, changes, reach, problem }) => ({
        action,
        changes: changes.map((change) => spelled(change, since)).sort(),
        // Left out where there is none: what was approved before there was such a thing stays approved.
        ...(reach && { reach: [...reach].sort() }),
        // Its words hold request ids: no two are the same.
        planned: problem === undefined,
      })),
    }),
  );
}

function spelled({ call, resource, from, to }: PlannedChange, since: string): string {
  const timeless = (text: string) =>
    text.replace(TIME, (time) => (Date.parse(time) >= Date.parse(since) ? 'now' : time));
  return canonicalJson([call, timeless(resource), timeless(from), timeless(to)]);
}

/** Which changes are in one plan and not in the other, for people who are asked again. */
export function planDifference(before: PlanToApprove, now: PlanToApprove): string[] {
  const lines = ({ steps }: PlanToApprove) =>
    steps.flatMap(({ title, changes, reach = [], problem }) => [
      ...changes.map(({ call, resource, from, to }) => `${call} ${resource}: ${from} → ${to}`),
      ...reach,
      ...(problem === undefined ? [] : [`${title} cannot be planned`]),
    ]);
  const [old, fresh] = [lines(before), lines(now)];
  return [
    ...fresh.filter((line) => !old.includes(line)).map((line) => `new: ${line}`),
    ...old.filter((line) => !fresh.includes(line)).map((line) => `gone: ${line}`),
  ];
}
