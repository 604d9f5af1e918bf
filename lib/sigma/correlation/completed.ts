import type { CompiledCorrelation } from '../compiled-rules';
import { holds, measure } from './evaluate';
import { between, insert } from './sorted';
import type { Entry, Saturated, View } from './state';

/** A window that holds, and the entry that completed it. */
export interface Completed {
  readonly entry: Entry;
  /** What the window ends with: the entry itself, or a later one of which the window was not complete before. */
  readonly anchor: Entry;
  readonly window: readonly Entry[];
  readonly measured: number | undefined;
  readonly saturated: Saturated | undefined;
}

/** What one group has said already: what would only say it again is not looked at. */
export class Said {
  readonly #said = new Set<string>();
  readonly #span: number;
  readonly #isCounted: boolean;

  /** @param isCounted each completion is an event of a correlation above; otherwise one in a stretch of time is all. */
  constructor(timespan: number, isCounted: boolean) {
    this.#span = timespan;
    this.#isCounted = isCounted;
  }

  has(anchor: Entry, saturated: Saturated | undefined): boolean {
    return this.#said.has(this.#key(anchor, saturated));
  }

  add(anchor: Entry, saturated: Saturated | undefined): void {
    this.#said.add(this.#key(anchor, saturated));
  }

  /** Whether nothing new can be said of any window that this entry is in. */
  hasAllOf({ time }: Entry, saturated: Saturated | undefined): boolean {
    if (this.#isCounted) return false;
    return [time, time + this.#span].every((at) => this.#said.has(stretchKey(at, this.#span, saturated)));
  }

  #key(anchor: Entry, saturated: Saturated | undefined): string {
    return this.#isCounted ? anchor.id : stretchKey(anchor.time, this.#span, saturated);
  }
}

function stretchKey(time: number, span: number, saturated: Saturated | undefined): string {
  // An alert about too many groups is another than one about this group.
  return `${saturated === 'groups' ? 'groups' : ''}${Math.floor(time / span)}`;
}

/**
 * The windows that hold once entries were added, as if these had come one after the other, by time: `eq: 3` holds at
 * the third of five that come together. What others added counts as there from the start.
 */
export function* completedBy(
  correlation: CompiledCorrelation,
  view: View,
  added: readonly Entry[],
  said: Said,
): Generator<Completed> {
  const own = new Set(added.map(({ id }) => id));
  const known = view.entries.filter(({ id }) => !own.has(id));
  for (const entry of added) {
    insert(known, entry);
    // Given one at a time: each holds a window, and ten thousand of them are more than a function has memory.
    yield* completedByOne(correlation, { ...view, entries: known }, entry, said);
  }
}

/** The windows that an entry is in and that hold: a late one may complete several that end after it. */
function completedByOne(correlation: CompiledCorrelation, view: View, entry: Entry, said: Said): Completed[] {
  const { timespan } = correlation;
  const saturated = saturation(view, entry, timespan);
  if (said.hasAllOf(entry, saturated)) return [];
  // Of one time, all windows are the same: a burst would be measured as often as it has events.
  const atTime = new Map<number, Pick<Completed, 'window' | 'measured'>>();
  const found: Completed[] = [];
  for (const anchor of between(view.entries, entry.time, entry.time + timespan)) {
    if (said.has(anchor, saturated)) continue;
    const known = isOfTheAnchor(correlation) ? undefined : atTime.get(anchor.time);
    const window = known?.window ?? between(view.entries, anchor.time - timespan, anchor.time);
    const measured = known === undefined ? measure(correlation, window, anchor) : known.measured;
    atTime.set(anchor.time, { window, measured });
    if (saturated === undefined && !holds(correlation, measured)) continue;
    said.add(anchor, saturated);
    found.push({ entry, anchor, window, measured, saturated });
  }
  return found;
}

function saturation({ isFull, marks }: View, { time }: Entry, timespan: number): Saturated | undefined {
  if (isFull) return 'groups';
  return marks.some((mark) => Math.abs(mark - time) <= timespan) ? 'group' : undefined;
}

/** A share is that of the value which the last event has; everything else is the same for all of a window. */
function isOfTheAnchor({ type, percentile }: CompiledCorrelation): boolean {
  return type === 'value_percentile' && percentile === undefined;
}
