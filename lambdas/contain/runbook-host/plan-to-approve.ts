import type { PlannedStep, PlanToApprove } from '../../../lib/model/approval';
import { planHash } from '../../../lib/model/plan-hash';
import { errorText } from '../../shared/aws-error';
import { getUndo } from '../../shared/store/containments';
import { putPlan } from '../../shared/store/plans';
import { persist } from './patience';
import { actionOf, type Run } from './run';
import { policyOf } from './run-credentials';

/** DynamoDB takes 400 KB an item, and nobody reads more than this. */
const MAX_PLAN_CHARACTERS = 150_000;
const READ_MS = 10_000;

/**
 * Writes down what this attempt would change, with its hash, for people to approve. What an attempt before it recorded
 * is not read again: a plan that was half carried out is still the same plan.
 *
 * @throws Error where the plan is too long to be read: then it cannot be approved, and the containment fails.
 */
export async function writePlanToApprove(run: Run): Promise<string> {
  const { facts } = run.runbook;
  const plan: PlanToApprove = {
    runbook: facts.id,
    title: facts.title,
    target: run.containment.target,
    generation: run.containment.generation,
    steps: await Promise.all(facts.actions.map(({ id }) => planStep(run, id))),
    limits: facts.limits,
  };
  const { length } = JSON.stringify(plan);
  if (length > MAX_PLAN_CHARACTERS) {
    throw new Error(
      `the plan has ${length} characters, and people are shown at most ${MAX_PLAN_CHARACTERS}; contain it by hand: firebreak runbook plan ${facts.id}`,
    );
  }
  const hash = planHash(plan, run.containment.startedAt);
  await putPlan(run.table, run.containment.id, run.containment.attempt, { plan, hash });
  return hash;
}

async function planStep(run: Run, id: string): Promise<PlannedStep> {
  const { containment, context, runbook, table } = run;
  const facts = runbook.facts.actions.find((action) => action.id === id);
  const about = {
    action: id,
    title: facts?.title ?? id,
    release: facts?.release ?? 'never',
    ...(facts?.task !== undefined && { task: facts.task }),
  };
  try {
    const action = actionOf(runbook, id);
    const known = await getUndo(table, containment.id, containment.generation, id);
    const before = known?.before ?? (await persist(() => action.read(context), { for: READ_MS }));
    policyOf(run, action, 'contain', [before]);
    return { ...about, changes: action.changes(before, context).map((change) => ({ ...change })) };
  } catch (error) {
    return { ...about, changes: [], problem: errorText(error) };
  }
}
