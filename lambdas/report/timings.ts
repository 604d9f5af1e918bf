import type { Incident } from '../../lib/model/incident';
import { textAt } from '../../lib/model/json';
import type { TimelineKind, TimelineRecord } from '../../lib/model/timeline';

/**
 * How fast we were, in milliseconds; null where it has not happened, or cannot be known. A negative number means
 * that two clocks disagree, and is left as it is. "Detected" is when the first alert was raised, or, of an incident
 * that a person opened, when that was.
 */
export interface Timings {
  /** First event to detected: what MTTD is made of. */
  readonly detect_ms: number | null;
  /** Of the first alert: from the event to us; the log service's delay, not ours. */
  readonly delivery_ms: number | null;
  /** Of the first alert: from received to raised; our own part. */
  readonly own_ms: number | null;
  /** Detected to the first acknowledgement (MTTA). */
  readonly acknowledge_ms: number | null;
  /** Detected to every containment applied and read back (MTTC); null where one of them is not. */
  readonly contain_ms: number | null;
  /** Detected to the last containment found still in place when its watch ended. */
  readonly held_ms: number | null;
  /** First event to contained: how long the attacker had. */
  readonly dwell_ms: number | null;
  /** Detected to recovery, as a person recorded it, else to the last release read back (MTTR). */
  readonly recover_ms: number | null;
  /** Detected to closed. */
  readonly close_ms: number | null;
}

export function timings(incident: Incident, timeline: readonly TimelineRecord[]): Timings {
  const firstAlert = timeline.find(({ kind }) => kind === 'alert-raised');
  const raisedAt = textAt(firstAlert?.details, 'raisedAt') ?? firstAlert?.at;
  const receivedAt = textAt(firstAlert?.details, 'receivedAt');
  const detectedAt = raisedAt ?? incident.openedAt;
  const firstEventAt = firstAlert && incident.firstEventAt;
  const containedAt = whenAll(timeline, 'containment-verified');
  return {
    detect_ms: between(firstEventAt, raisedAt),
    delivery_ms: between(textAt(firstAlert?.details, 'eventAt'), receivedAt),
    own_ms: between(receivedAt, raisedAt),
    acknowledge_ms: between(detectedAt, timeline.find(({ kind }) => kind === 'acknowledged')?.at),
    contain_ms: between(detectedAt, containedAt),
    held_ms: between(detectedAt, whenAll(timeline, 'containment-held')),
    dwell_ms: between(firstEventAt, containedAt),
    recover_ms: between(detectedAt, recoveredAt(timeline) ?? whenAll(timeline, 'containment-released')),
    close_ms: between(detectedAt, incident.closedAt),
  };
}

/** A person's last word on it: that a containment was released says little about what the attacker broke. */
function recoveredAt(timeline: readonly TimelineRecord[]): string | undefined {
  const told = timeline.findLast(
    ({ kind, details }) => kind === 'moment-recorded' && textAt(details, 'moment') === 'recovery',
  );
  return textAt(told?.details, 'time');
}

/** When the last of all containments got there for the first time; undefined where one has not. */
function whenAll(timeline: readonly TimelineRecord[], kind: TimelineKind): string | undefined {
  const first = (...kinds: readonly TimelineKind[]) =>
    new Map(
      timeline
        .filter((record) => kinds.includes(record.kind))
        .reverse()
        .map((record) => [containmentOf(record), record.at] as const),
    );
  const arrived = first(kind);
  const onlyPlanned = first('containment-planned');
  const wanted = [
    ...first('containment-started', 'containment-verified', 'containment-failed', 'containment-refused').keys(),
  ];
  const waitedFor = wanted.filter((id) => arrived.has(id) || !onlyPlanned.has(id));
  if (waitedFor.length === 0 || waitedFor.some((id) => !arrived.has(id))) return undefined;
  return [...arrived.values()].sort().at(-1);
}

export function containmentOf(record: TimelineRecord): string {
  return textAt(record.details, 'containmentId') ?? '';
}

function between(from: string | undefined, to: string | undefined): number | null {
  if (from === undefined || to === undefined) return null;
  const ms = Date.parse(to) - Date.parse(from);
  return Number.isNaN(ms) ? null : ms;
}
