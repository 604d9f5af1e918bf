import type { Alert } from '../../../lib/model/alert';
import { containmentId } from '../../../lib/model/ids';
import type { HandOver, PlannedContainment } from '../../../lib/model/incident';
import { targetText, type ResponsePlan } from '../../../lib/model/plan';
import type { TimelineEntry } from '../../../lib/model/timeline';
import type { TriageContext } from './triage-context';
import { planContainments } from './plan-containments';

/** One alert about more targets than this is no plan but a flood; people look. */
const MAX_OF_AN_ALERT = 20;
/** All hand-overs of an incident are marked in one transaction, which takes 100 items (DynamoDB quotas). */
export const MAX_OF_AN_INCIDENT = 80;
/** Targets that were handed over are looked at again by an alert that comes later than this, at most that often. */
const AGAIN_AFTER_MS = 5 * 60_000;

export interface PlannedHandOvers {
  /** New ones, and those that begin anew. */
  readonly handOvers: Readonly<Record<string, HandOver>>;
  readonly entries: readonly TimelineEntry[];
}

/**
 * What an alert hands over to containment. A target that was handed over before begins anew where this alert allows
 * more than the one before (it was only observed), or where the attack goes on although it should be contained.
 */
export function planHandOvers(
  alert: Alert,
  plan: ResponsePlan | undefined,
  known: Readonly<Record<string, HandOver>>,
  { settings, homeAccount, now }: TriageContext,
): PlannedHandOvers {
  const all = plan ? planContainments(alert, plan, settings.targetKinds, homeAccount, settings.stagedRules) : [];
  const wanted = all.map((containment) => [keyOf(containment), containment] as const);
  const fresh = wanted.filter(([key, containment]) => beginsAnew(known[key], containment, now));
  const room = Math.max(0, MAX_OF_AN_INCIDENT - Object.keys(known).length);
  const added = fresh.filter(([key]) => !known[key]).slice(0, Math.min(MAX_OF_AN_ALERT, room));
  const again = fresh.filter(([key]) => known[key]);
  const left = fresh.length - added.length - again.length;
  return {
    handOvers: Object.fromEntries(
      [...added, ...again].map(([key, containment]) => [
        key,
        {
          kind: 'containment',
          state: 'pending',
          since: now.toISOString(),
          attempt: (known[key]?.attempt ?? 0) + 1,
          containment,
        },
      ]),
    ),
    entries: [...[...added, ...again].flatMap(([, containment]) => observed(containment)), ...tooMany(left)],
  };
}

function keyOf({ planned, target }: PlannedContainment): string {
  return `containment#${containmentId(planned.runbook, target)}`;
}

function beginsAnew(before: HandOver | undefined, containment: PlannedContainment, now: Date): boolean {
  if (!before?.containment) return true;
  if (!enforces(containment)) return false;
  if (!enforces(before.containment)) return true;
  return before.state === 'started' && now.getTime() - Date.parse(before.since) > AGAIN_AFTER_MS;
}

export function enforces({ planned, observeBecause }: PlannedContainment): boolean {
  return planned.mode === 'enforce' && observeBecause === undefined;
}

function observed(containment: PlannedContainment): TimelineEntry[] {
  const { planned, target, observeBecause } = containment;
  if (observeBecause === undefined || planned.mode === 'observe') return [];
  const text = `Runbook '${planned.runbook}' only observes ${targetText(target)}: ${observeBecause}`;
  return [{ stage: 'triage', kind: 'note', text: text.slice(0, 1000), by: 'triage' }];
}

function tooMany(count: number): TimelineEntry[] {
  if (count === 0) return [];
  const text = `${count} further target(s) of this alert are handed to no runbook: an alert hands over ${MAX_OF_AN_ALERT}, an incident ${MAX_OF_AN_INCIDENT}; look at them`;
  return [{ stage: 'triage', kind: 'note', text, by: 'triage' }];
}
