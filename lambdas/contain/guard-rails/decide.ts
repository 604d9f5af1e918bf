import type { Containment } from '../../../lib/model/containment';
import { checkGuardRails, type GuardRailSettings, type Verdict } from '../../../lib/model/guard-rails';
import type { Incident } from '../../../lib/model/incident';
import { readBrake } from '../../shared/brake';
import { takePlace } from '../../shared/store/blast-radius';
import { changeContainment } from '../../shared/store/containments';
import { survivorOf } from '../../shared/store/survivor';
import { acquireLock } from '../../shared/store/locks';
import type { Table } from '../../shared/store/table';
import { guardRailSettings } from '../shared/guard-settings';
import type { ContainRequest } from '../shared/request';
import { LOCK_SECONDS, containOwner, lockResource } from '../shared/target-lock';
import { subjectOf, type Subjects } from './subject';

export interface GuardAnswer {
  readonly decision: 'contain' | 'plan' | 'refuse' | 'done' | 'wait';
  readonly reason: string;
  /** Why it would be refused, where only a plan is made; empty where it would not. */
  readonly refusal: string;
  readonly fence: number;
  readonly waits: number;
}

/** Times that the machine asks again, 15 s apart: 10 minutes. */
const MAX_WAITS = 40;

/** Brake, guard rails, blast radius, lock: in this order, and nothing is changed before all say yes. */
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
  const limit = settings.maximumContainmentsPerHour;
  const now = new Date();
  if (!(await takePlace(table, { runbook: containment.runbook, containmentId: containment.id, limit, now }))) {
    return answer('refuse', `'${containment.runbook}' contained ${limit} targets in this hour, which is its limit`);
  }
  const resource = lockResource(containment.target);
  const fence = await acquireLock(table, { resource, owner: containOwner(containment), seconds: LOCK_SECONDS, now });
  if (fence === undefined) {
    if (ask.waits < MAX_WAITS)
      return answer('wait', 'another runbook is at work on this target', { waits: ask.waits + 1 });
    return answer('refuse', `another runbook is at work on this target, and still is after ${MAX_WAITS} looks`);
  }
  await changeContainment(table, containment.id, (current) =>
    current?.attempt === ask.attempt && (current.status === 'starting' || current.status === 'containing')
      ? { ...current, status: 'containing', executionArn: ask.execution }
      : undefined,
  );
  return answer('contain', 'every guard rail allows it', { fence });
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
  return containment.mode === 'enforce' ? undefined : `its mode is '${containment.mode}'`;
}

async function check(containment: Containment, settings: GuardRailSettings, subjects: Subjects): Promise<Verdict> {
  // What needs no call is asked first: a malformed id is sent to nobody.
  const alone = checkGuardRails({ target: containment.target, arns: [], networks: [] }, settings);
  if (!alone.allowed) return alone;
  return checkGuardRails(await subjectOf(subjects, containment.runbook, containment.target), settings);
}
