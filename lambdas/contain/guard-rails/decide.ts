import type { Containment } from '../../../lib/model/containment';
import type { Approval } from '../../../lib/model/approval';
import { checkGuardRails, type GuardRailSettings, type Verdict } from '../../../lib/model/guard-rails';
import type { Incident } from '../../../lib/model/incident';
import { readBrake } from '../../shared/brake';
import { takePlace } from '../../shared/store/blast-radius';
import { changeContainment } from '../../shared/store/containments';
import { survivorOf } from '../../shared/store/survivor';
import { acquireLock } from '../../shared/store/locks';
import { withdrawApproval } from '../../shared/approvals/withdraw-approval';
import type { Table } from '../../shared/store/table';
import { approvalSettings } from '../shared/approval-settings';
import { guardRailSettings } from '../shared/guard-settings';
import type { ContainRequest } from '../shared/request';
import { LOCK_SECONDS, containOwner, giveBackLock, lockResource } from '../shared/target-lock';
import { usableApproval } from '../shared/usable-approval';
import { adopt } from './adopt';
import { notApproved } from './not-approved';
import { subjectOf, type Subjects } from './subject';

export interface GuardAnswer {
  /** `approve`: it may be contained once people have approved the plan; `declined`: they said no. */
  readonly decision: 'contain' | 'approve' | 'plan' | 'refuse' | 'declined' | 'done' | 'wait';
  readonly reason: string;
  /** Why it would be refused, where only a plan is made; empty where it would not. */
  readonly refusal: string;
  readonly fence: number;
  readonly waits: number;
}

/** Times that the machine asks again, 15 s apart: 10 minutes. */
const MAX_WAITS = 40;

/**
 * Brake, guard rails, approval, blast radius, lock: in this order, and nothing is changed before all say yes. Until
 * people have approved, neither a place of the hour nor the lock is taken.
 */
export async function decide(
  table: Table,
  containment: Containment,
  ask: ContainRequest,
  subjects: Subjects,
): Promise<GuardAnswer> {
  const answer = (decision: GuardAnswer['decision'], reason: string, more: Partial<GuardAnswer> = {}): GuardAnswer => ({
    decision,
    reason,
    refusal: '',
    fence: 0,
    waits: ask.waits,
    ...more,
  });
  const over = whyOver(containment, ask);
  if (over !== undefined) return answer('done', over);
  if (containment.status === 'refused') return answer('refuse', containment.reason ?? 'it was refused before');
  // Where it was merged, the incident that goes on decides: it may have been closed, or know better.
  const incident = await survivorOf(table, containment.incidentId);
  if (!incident) throw new Error(`incident '${containment.incidentId}' does not exist`);
  if (incident.status === 'closed') {
    const adopted = await adopt(table, containment, ask, incident);
    if (adopted) return decide(table, adopted, ask, subjects);
  }
  const settings = guardRailSettings();
  const observe = observeBecause(containment, incident);
  if (observe !== undefined) {
    const verdict = await check(containment, settings, subjects);
    return answer('plan', observe, { refusal: verdict.allowed ? '' : verdict.because });
  }
  const brake = await readBrake();
  if (!brake.released) return answer('refuse', brake.because);
  const verdict = await check(containment, settings, subjects);
  if (!verdict.allowed) return answer('refuse', verdict.because);
  const approval = await usableApproval(table, containment);
  if (approval?.status === 'declined' || approval?.status === 'timed-out') {
    return answer('declined', await notApproved(table, containment, approval, ask.execution));
  }
  const approved = approval?.status === 'approved';
  const canAsk = approvalSettings(containment, incident) !== undefined;
  if (containment.mode === 'approve' && !approved) {
    if (canAsk) return answer('approve', 'the response plan asks people first');
    return answer('refuse', "its mode is 'approve', and the stack has nobody to ask");
  }
  const now = new Date();
  const byPeople = approved && approval.decision?.how !== 'timeout';
  const full = await whyFull(table, containment, settings.maximumContainmentsPerHour, byPeople, now);
  // What time approved is not asked about again: it is refused, and people are told.
  if (full !== undefined) return answer(canAsk && !approved ? 'approve' : 'refuse', full);
  await askNobody(table, approval, ask.execution);
  const resource = lockResource(containment.target);
  const owner = containOwner(containment);
  const fence = await acquireLock(table, { ...owner, resource, seconds: LOCK_SECONDS, now });
  if (fence === undefined) {
    if (ask.waits < MAX_WAITS)
      return answer('wait', 'another runbook is at work on this target', { waits: ask.waits + 1 });
    return answer('refuse', `another runbook is at work on this target, and still is after ${MAX_WAITS} looks`);
  }
  if (approved) return answer('approve', 'people approved it', { fence });
  let after: Containment | undefined;
  try {
    after = await changeContainment(table, containment.id, (current) =>
      current?.attempt === ask.attempt && (current.status === 'starting' || current.status === 'containing')
        ? { ...current, status: 'containing', executionArn: ask.execution }
        : undefined,
    );
  } catch (error) {
    await giveBackLock(table, containment, owner);
    throw error;
  }
  if (after?.attempt === ask.attempt && after.status === 'containing')
    return answer('contain', 'every guard rail allows it', { fence });
  // Whoever started it let go of it in this moment, or a newer attempt took over.
  await giveBackLock(table, containment, owner);
  return answer('done', `it is '${after?.status ?? 'gone'}' by now`);
}

/** What people approved goes over the limit of the hour: that is what they were asked. It is still counted. Time approves nothing over it. */
async function whyFull(
  table: Table,
  { runbook, id }: Containment,
  limit: number,
  byPeople: boolean,
  now: Date,
): Promise<string | undefined> {
  const most = byPeople ? Number.MAX_SAFE_INTEGER : limit;
  if (await takePlace(table, { runbook, containmentId: id, limit: most, now })) return undefined;
  return `'${runbook}' contained ${limit} targets in this hour, which is its limit`;
}

/** Another plan, or the next hour, needs no approval for what people are still asked about. */
async function askNobody(table: Table, approval: Approval | undefined, execution: string): Promise<void> {
  if (approval?.status !== 'waiting') return;
  const by = execution.split(':').at(-1) ?? execution;
  await withdrawApproval(table, approval.id, { because: 'it may be contained without', by });
}

function whyOver(containment: Containment, ask: ContainRequest): string | undefined {
  if (containment.attempt !== ask.attempt) return `attempt ${containment.attempt} took over from ${ask.attempt}`;
  switch (containment.status) {
    case 'starting':
    case 'containing':
    case 'refused':
      return undefined;
    case 'planned':
    case 'verified':
    case 'held':
    case 'failed':
    case 'awaiting-approval':
    case 'not-approved':
    case 'releasing':
    case 'released':
    case 'release-failed':
      return `it is '${containment.status}' already`;
  }
}

/** Why only a plan is made; undefined where it is to be contained. */
function observeBecause(containment: Containment, incident: Incident): string | undefined {
  const because = incident.handOvers[`containment#${containment.id}`]?.containment?.observeBecause;
  if (because !== undefined) return because;
  if (incident.status === 'closed') return 'its incident was closed before anything was changed';
  return containment.mode === 'observe' ? `its mode is '${containment.mode}'` : undefined;
}

async function check(containment: Containment, settings: GuardRailSettings, subjects: Subjects): Promise<Verdict> {
  // What needs no call is asked first: a malformed id is sent to nobody.
  const alone = checkGuardRails({ target: containment.target, arns: [], networks: [] }, settings);
  if (!alone.allowed) return alone;
  return checkGuardRails(await subjectOf(subjects, containment.runbook, containment.target), settings);
}
