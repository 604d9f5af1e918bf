import { changeContainment } from '../../shared/store/containments';
import { usableApproval } from '../shared/usable-approval';
import type { ActionContext } from './action';
import type { Run } from './run';

/** An action would reach further than people approved: nothing of it is made, and they are asked anew. */
export class BeyondApprovedError extends Error {
  override readonly name = 'BeyondApprovedError';

  constructor(readonly lines: readonly string[]) {
    super(beyondText(lines));
  }
}

/** Which lines of what would be reached nobody approved; none where the attempt is bound to no plan. */
export function beyondApproved(reach: readonly string[], { approved }: Pick<ActionContext, 'approved'>): string[] {
  return approved === undefined ? [] : reach.filter((line) => !approved.includes(line));
}

export function beyondText(lines: readonly string[]): string {
  return `more is wanted by now than people approved, and they are asked anew: ${lines.join('; ')}`;
}

/**
 * The run, which reaches no further than what people approved for its attempt. Where time approved, nobody read a plan, and
 * where nobody had to be asked, there is none.
 */
export async function boundByApproval(run: Run): Promise<Run> {
  const approved = await approvedLines(run);
  return approved === undefined ? run : { ...run, context: { ...run.context, approved } };
}

async function approvedLines({ table, containment }: Run): Promise<readonly string[] | undefined> {
  const approval = await usableApproval(table, containment);
  if (approval?.status === 'approved') {
    if (approval.decision?.how === 'timeout') return undefined;
    return approval.plan.steps.flatMap(({ reach = [] }) => reach);
  }
  // The guard rails let nothing through that nobody approved; should they, it reaches nothing.
  return containment.mode === 'approve' ? [] : undefined;
}

/** Written down with the attempt: however it ends, people are asked about the rest. */
export async function noteBeyond({ table, containment }: Run, observed: string): Promise<void> {
  await changeContainment(table, containment.id, (now) =>
    now?.attempt === containment.attempt && now.beyondApproved === undefined
      ? { ...now, beyondApproved: observed.slice(0, 500) }
      : undefined,
  );
}
