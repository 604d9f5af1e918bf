import { containmentId } from '../../../lib/model/ids';
import type { HandOver, PlannedContainment } from '../../../lib/model/incident';
import { goesFurther, targetText, type Mode } from '../../../lib/model/plan';
import type { TimelineEntry } from '../../../lib/model/timeline';

/** More targets than this at once are no plan but a flood; people look. */
export const MAX_AT_ONCE = 20;
/** All hand-overs of an incident are marked in one transaction, which takes 100 items (DynamoDB quotas). */
export const MAX_OF_AN_INCIDENT = 80;
/** Targets that were handed over are looked at again by what comes later than this, at most that often. */
const AGAIN_AFTER_MS = 5 * 60_000;

export interface PlannedHandOvers {
  /** New ones, and those that begin anew. */
  readonly handOvers: Readonly<Record<string, HandOver>>;
  /** Those that are still to be started, and stand for what happened later by now; and those about which is said so. */
  readonly later: Readonly<Record<string, HandOver>>;
  readonly entries: readonly TimelineEntry[];
  /** So many targets are to be contained, and are handed to no runbook: people have to know. */
  readonly left: number;
}

/**
 * Hand-overs of planned containments that an incident does not have yet. A target that was handed over before begins
 * anew where more is allowed than before (it was only observed), or where the attack goes on although it should be
 * contained.
 *
 * @param what whose targets they are, for the sentence about those that are too many: `this alert`.
 * @param by the stage or function that hands over.
 */
export function beginHandOvers(
  wanted: readonly PlannedContainment[],
  known: Readonly<Record<string, HandOver>>,
  { what, by, now }: { readonly what: string; readonly by: string; readonly now: Date },
): PlannedHandOvers {
  const fresh = wanted
    .map((containment) => [handOverKey(containment), containment] as const)
    .filter(([key, containment]) => beginsAnew(known[key], containment, now));
  const room = Math.max(0, MAX_OF_AN_INCIDENT - Object.keys(known).length);
  const added = fresh.filter(([key]) => !known[key]).slice(0, Math.min(MAX_AT_ONCE, room));
  const again = fresh.filter(([key]) => known[key]);
  const left = fresh.filter(([key]) => !known[key]).slice(added.length);
  const tooSoon = wanted.filter((containment) => goesOnTooSoon(known[handOverKey(containment)], containment, now));
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
          // What an incident held that was merged into this one passes on all the same.
          ...(known[key]?.takesOver && { takesOver: known[key].takesOver }),
        },
      ]),
    ),
    later: Object.fromEntries([
      ...wanted.flatMap((containment) => broughtUpToDate(known, containment)),
      ...tooSoon.flatMap((containment) => markSaid(known, containment)),
    ]),
    entries: [
      ...[...added, ...again].flatMap(([, containment]) => observed(containment, by)),
      ...goesOn(tooSoon, by),
      ...tooMany(left.length, what, by),
    ],
    left: left.filter(([, containment]) => modeOf(containment) !== 'observe').length,
  };
}

export function handOverKey({ planned, target }: Pick<PlannedContainment, 'planned' | 'target'>): string {
  return `containment#${containmentId(planned.runbook, target)}`;
}

function beginsAnew(before: HandOver | undefined, containment: PlannedContainment, now: Date): boolean {
  if (!before?.containment) return true;
  const [wanted, had] = [modeOf(containment), modeOf(before.containment)];
  if (wanted === 'observe') return false;
  if (goesFurther(wanted, had)) return true;
  return !isToBeStarted(before) && now.getTime() - Date.parse(before.since) > AGAIN_AFTER_MS;
}

/** The attack went on after the target was handed over, this begins nothing yet, and nobody was told so. */
function goesOnTooSoon(before: HandOver | undefined, containment: PlannedContainment, now: Date): boolean {
  if (!before?.containment || isToBeStarted(before) || modeOf(containment) === 'observe') return false;
  return (
    containment.eventAt > before.since && before.saidSince !== before.since && !beginsAnew(before, containment, now)
  );
}

function markSaid(known: Readonly<Record<string, HandOver>>, containment: PlannedContainment): [string, HandOver][] {
  const key = handOverKey(containment);
  const before = known[key];
  return before ? [[key, { ...before, saidSince: before.since }]] : [];
}

/**
 * A hand-over that waits, until a release has ended perhaps, is about the attack as it is by then: of an older one it
 * would be said that whoever released the target knew of it.
 */
function broughtUpToDate(
  known: Readonly<Record<string, HandOver>>,
  { eventAt, ...wanted }: PlannedContainment,
): [string, HandOver][] {
  const key = handOverKey(wanted);
  const waiting = known[key];
  if (!waiting?.containment || !isToBeStarted(waiting) || waiting.containment.eventAt >= eventAt) return [];
  const [mode, had] = [modeOf({ ...wanted, eventAt }), modeOf(waiting.containment)];
  if (mode === 'observe' || goesFurther(mode, had)) return [];
  // Whoever is starting it right now did not know of this: it is not marked as started by that.
  return [[key, { ...waiting, attempt: waiting.attempt + 1, containment: { ...waiting.containment, eventAt } }]];
}

/** Whether there is something left to start; where only the hold of a merged incident passes on, there is nothing. */
export function isToBeStarted({ state, onlyHolds }: HandOver): boolean {
  return state === 'pending' && onlyHolds !== true;
}

export function modeOf({ planned, observeBecause }: PlannedContainment): Mode {
  return observeBecause === undefined ? planned.mode : 'observe';
}

function observed(containment: PlannedContainment, by: string): TimelineEntry[] {
  const { planned, target, observeBecause } = containment;
  if (observeBecause === undefined || planned.mode === 'observe') return [];
  const text = `Runbook '${planned.runbook}' only observes ${targetText(target)}: ${observeBecause}`;
  return [{ stage: 'triage', kind: 'note', text: text.slice(0, 1000), by }];
}

/** It may have been refused, or released; what was contained well is attacked in vain. */
function goesOn(tooSoon: readonly PlannedContainment[], by: string): TimelineEntry[] {
  if (tooSoon.length === 0) return [];
  const targets = [...new Set(tooSoon.map(({ target }) => targetText(target)))].join(', ');
  const text = `The attack goes on less than ${AGAIN_AFTER_MS / 60_000} minutes after its target was handed over, which hands nothing over again; look whether it is contained: ${targets}`;
  return [{ stage: 'triage', kind: 'note', text: text.slice(0, 1000), by }];
}

function tooMany(count: number, what: string, by: string): TimelineEntry[] {
  if (count === 0) return [];
  const text = `${count} further target(s) of ${what} are handed to no runbook: at once ${MAX_AT_ONCE} are handed over, of an incident ${MAX_OF_AN_INCIDENT}; look at them`;
  return [{ stage: 'triage', kind: 'note', text, by }];
}
