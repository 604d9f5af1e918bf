import type { Approval, PlannedStep, PlanToApprove } from '../../../lib/model/approval';
import type { UndoRecord } from '../../../lib/model/containment';
import type { JsonObject } from '../../../lib/model/json';
import { planHash } from '../../../lib/model/plan-hash';
import { errorText } from '../../shared/aws-error';
import { getUndo } from '../../shared/store/containments';
import { putPlan } from '../../shared/store/plans';
import { approvalByPeople } from '../shared/usable-approval';
import type { Action, ActionContext, Change } from './action';
import { persist } from './patience';
import { actionOf, type Run } from './run';
import { policyOf } from './run-credentials';

/** DynamoDB takes 400 KB an item, and nobody reads more than this. */
const MAX_PLAN_CHARACTERS = 150_000;
const READ_MS = 10_000;

/**
 * Writes down what this attempt would change, with its hash, for people to approve: as it is now, whatever an attempt before
 * it recorded. Only what was recorded under this very approval stands for what is there: a plan that was half carried out is
 * still the same plan.
 *
 * @throws Error where the plan is too long to be read: then it cannot be approved, and the containment fails.
 */
export async function writePlanToApprove(run: Run): Promise<string> {
  const { facts } = run.runbook;
  const approval = await approvalByPeople(run.table, run.containment);
  const plan: PlanToApprove = {
    runbook: facts.id,
    title: facts.title,
    target: run.containment.target,
    generation: run.containment.generation,
    steps: await Promise.all(facts.actions.map(({ id }) => planStep(run, id, approval))),
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

async function planStep(run: Run, id: string, approval: Approval | undefined): Promise<PlannedStep> {
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
    const before = isOf(approval, known) ? known.before : await readNow(action, known, context);
    policyOf(run, action, 'contain', [before]);
    const changes = action.changes(before, context);
    const then = known ? action.changes(known.before, context) : [];
    const reach = action.reach?.(before, context) ?? [];
    return {
      ...about,
      changes: [...changes, ...madeAgain(then, changes)].map((change) => ({ ...change })),
      ...(reach.length > 0 && { reach: [...reach] }),
    };
  } catch (error) {
    return { ...about, changes: [], problem: errorText(error) };
  }
}

function readNow(action: Action, known: UndoRecord | undefined, context: ActionContext): Promise<JsonObject> {
  const read = () => (known && action.readAgain ? action.readAgain(known.before, context) : action.read(context));
  return persist(read, { for: READ_MS });
}

/** What an earlier attempt changed is made again, if it has to be, though a reading of now may not show it any more. */
function madeAgain(then: readonly Change[], now: readonly Change[]): Change[] {
  return then
    .filter(({ call, resource }) => !now.some((change) => change.call === call && change.resource === resource))
    .map((change) => ({ ...change, from: 'as an earlier attempt left it' }));
}

/** An approval counts for one attempt: what was recorded after the decision, that attempt recorded. */
function isOf(approval: Approval | undefined, undo: UndoRecord | undefined): undo is UndoRecord {
  const decidedAt = approval?.decision?.at;
  return undo !== undefined && decidedAt !== undefined && undo.at >= decidedAt;
}
