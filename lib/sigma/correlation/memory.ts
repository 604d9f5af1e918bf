import { between, firstAt, insert } from './sorted';
import { byTime, LIMITS, marksAround, type CorrelationState, type Entry, type Limits, type View } from './state';

/**
 * What is further behind the newest event than this, beyond the timespans, may be forgotten once there is too much:
 * files of a folder are seldom a day out of order.
 */
const LATENESS_MS = 86_400_000;
/** Entries of a correlation in all its groups; about 200 bytes each. */
const MAX_ENTRIES = 500_000;

interface Kept {
  entries: Entry[];
  readonly ids: Set<string>;
  /** Times around which entries were not kept. */
  readonly marks: Set<number>;
}

interface Known {
  readonly groups: Map<string, Kept>;
  entries: number;
  newest: number;
}

interface Where {
  readonly correlation: string;
  readonly group: string;
  readonly timespan: number;
}

/** Correlations in memory, for `hunt` and tests. Its size has a bound whatever the events are. */
export class MemoryCorrelationState implements CorrelationState {
  readonly #limits: Limits;
  readonly #byCorrelation = new Map<string, Known>();

  constructor(limits: Limits = LIMITS) {
    this.#limits = limits;
  }

  add(where: Where, entries: readonly Entry[]): View {
    const views = entries.map((entry) => this.#addOne(where, entry));
    const [only] = views;
    if (views.length === 1 && only !== undefined) return only;
    const all = new Map([...views.flatMap((view) => view.entries)].map((entry) => [entry.id, entry]));
    return {
      entries: [...all.values()].sort(byTime),
      marks: [...new Set(views.flatMap(({ marks }) => marks))],
      ...(views.some(({ isFull }) => isFull) && { isFull: true as const }),
    };
  }

  #addOne({ correlation, group, timespan }: Where, entry: Entry): View {
    const known = this.#byCorrelation.get(correlation) ?? {
      groups: new Map<string, Kept>(),
      entries: 0,
      newest: -Infinity,
    };
    this.#byCorrelation.set(correlation, known);
    known.newest = Math.max(known.newest, entry.time);
    const isFull = (): boolean =>
      known.entries >= MAX_ENTRIES || (!known.groups.has(group) && known.groups.size >= this.#limits.groups);
    if (isFull()) forget(known, timespan);
    if (isFull()) return { entries: [entry], marks: [], isFull: true };
    const kept = known.groups.get(group) ?? { entries: [], ids: new Set(), marks: new Set() };
    known.groups.set(group, kept);
    const around = near(kept.entries, entry, timespan);
    const isKnown = kept.ids.has(entry.id);
    if (!isKnown && around.length >= this.#limits.entriesPerGroup) {
      for (const mark of marksAround(entry.time, timespan)) kept.marks.add(mark);
      return { entries: [...around, entry].sort(byTime), marks: [...kept.marks] };
    }
    if (!isKnown) {
      insert(kept.entries, entry);
      kept.ids.add(entry.id);
      known.entries++;
    }
    return { entries: isKnown ? around : near(kept.entries, entry, timespan), marks: [...kept.marks] };
  }
}

function near(entries: readonly Entry[], { time }: Entry, timespan: number): Entry[] {
  return between(entries, time - timespan, time + timespan);
}

/** Makes room: what no event reaches that is not far too late. */
function forget(known: Known, timespan: number): void {
  const before = known.newest - 2 * timespan - LATENESS_MS;
  for (const [group, kept] of known.groups) {
    for (const mark of kept.marks) if (mark < before) kept.marks.delete(mark);
    const old = firstAt(kept.entries, before);
    if (old === 0) continue;
    for (const { id } of kept.entries.slice(0, old)) kept.ids.delete(id);
    kept.entries = kept.entries.slice(old);
    known.entries -= old;
    if (kept.entries.length === 0) known.groups.delete(group);
  }
}
