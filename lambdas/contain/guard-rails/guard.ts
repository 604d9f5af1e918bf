import type { Containment } from '../../../lib/model/containment';
import { incidentTable } from '../../shared/store/table';
import { errorText } from '../../shared/aws-error';
import { getContainment } from '../../shared/store/containments';
import { parseContainRequest } from '../shared/request';
import { containOwner, giveBackLock } from '../shared/target-lock';
import { decide, type GuardAnswer } from './decide';
import { isApproved, type ApprovalAnswer } from './is-approved';
import { refuseContainment } from './refuse';
import type { Subjects } from './subject';

/**
 * Says whether a containment may go on: `contain`, `approve`, `plan`, `refuse`, `declined`, `done` or `wait`. Fails
 * closed: whatever goes wrong while asking refuses, and is escalated; a runbook that does not say what it touches as
 * well. With the operation `approval` it says whether people approved the plan that was just made, and asks them where
 * they did not.
 */
export function guardRailsHandler(subjects: Subjects): (event: unknown) => Promise<GuardAnswer | ApprovalAnswer> {
  return async (event) => guard(event, subjects);
}

async function guard(event: unknown, subjects: Subjects): Promise<GuardAnswer | ApprovalAnswer> {
  const ask = parseContainRequest(event);
  const table = incidentTable();
  const containment = await getContainment(table, ask.containmentId);
  if (!containment) throw new Error(`containment '${ask.containmentId}' does not exist`);
  if (ask.op === 'approval') return isApproved(table, containment, ask);
  let answer: GuardAnswer;
  try {
    answer = await decide(table, containment, ask, subjects);
  } catch (error) {
    answer = refusal(`the guard rails could not be asked: ${errorText(error)}`, ask.waits);
  }
  // Asked again after it had taken the lock, by a function that was killed then. What only observes never takes it.
  const isOver = answer.decision === 'refuse' || answer.decision === 'plan';
  if (isOver && containment.mode !== 'observe') await giveBackLock(table, containment, containOwner(containment));
  if (answer.decision === 'refuse') await refuseContainment(table, containment, answer.reason, ask.execution);
  log(containment, answer);
  return answer;
}

export function refusal(reason: string, waits: number): GuardAnswer {
  return { decision: 'refuse', reason, refusal: '', fence: 0, waits };
}

function log(containment: Containment, answer: GuardAnswer): void {
  console.log({ message: 'guard rails', containmentId: containment.id, attempt: containment.attempt, ...answer });
}
