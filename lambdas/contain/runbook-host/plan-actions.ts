import { errorText } from '../../shared/aws-error';
import type { Change } from './action';
import { persist } from './patience';
import { actionOf, titleOf, type Run } from './run';
import { policyOf } from './run-credentials';

export interface PlannedAction {
  readonly action: string;
  readonly title: string;
  readonly changes: readonly Change[];
  /** Why it could not be planned. */
  readonly problem?: string;
}

/** What each action would change, from a reading of the API alone. */
export async function planActions(run: Run): Promise<PlannedAction[]> {
  return Promise.all(run.runbook.actions.map(({ id }) => planAction(run, id)));
}

async function planAction(run: Run, id: string): Promise<PlannedAction> {
  const title = titleOf(run.runbook, id);
  try {
    const action = actionOf(run.runbook, id);
    const before = await persist(() => action.read(run.context), { for: 10_000 });
    // What could not be allowed could not be made either: better said now than at three in the morning.
    policyOf(run, action, 'contain', [before]);
    return { action: id, title, changes: action.changes(before, run.context) };
  } catch (error) {
    return { action: id, title, changes: [], problem: errorText(error) };
  }
}
