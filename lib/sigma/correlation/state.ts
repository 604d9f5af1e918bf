/**
 * How far a group is counted exactly within one timespan on either side of an event. What comes beyond is not kept:
 * the correlation is then taken to hold, and says that it was.
 */
export const MAX_ENTRIES_PER_GROUP = 1_000;
/** How many groups a correlation keeps in one timespan; what an attacker invents beyond is answered by one alert. */
export const MAX_GROUPS = 10_000;
/** Values that one event may add to a value_count; the rest counts as reached the bound. */
export const MAX_VALUES = 50;

export interface Limits {
  readonly entriesPerGroup: number;
  readonly groups: number;
}

export const LIMITS: Limits = { entriesPerGroup: MAX_ENTRIES_PER_GROUP, groups: MAX_GROUPS };

/** One match that a correlation counts. Small, and no larger for what an attacker writes. */
export interface Entry {
  /** Of the event and the rule it matched: the same however often and by whichever way it comes. */
  readonly id: string;
  /** When the event happened; milliseconds since the epoch. */
  readonly time: number;
  /** Which of the correlation's rules, by position. */
  readonly rule: number;
  /** Event id, shortened where it is longer than ids are. */
  readonly event: string;
  /** Values of the field: hashed for value_count and value_percentile of texts, numbers for the others. */
  readonly values?: readonly (string | number)[];
  /** Nothing may be contained on the word of this event. */
  readonly distrusted?: true;
  /** What this event is to the correlations above: `correlation id:position` → group and values there. */
  readonly above?: Readonly<Record<string, Placed>>;
}

/** Where an event stands in a correlation. */
export interface Placed {
  /** Hash of correlation and group-by values. */
  readonly group: string;
  readonly values?: readonly (string | number)[];
}

export interface View {
  /** From one timespan before the first of what was added to one after the last, and all of that among them; sorted. */
  readonly entries: readonly Entry[];
  /** Times around which entries of this group were not kept: it has reached its bound there. */
  readonly marks: readonly number[];
  /** The correlation has reached its number of groups, and nothing of this one is kept. */
  readonly isFull?: true;
}

/** Where an entry cannot be counted to the end: its `group` has reached its bound, or the correlation its `groups`. */
export type Saturated = 'group' | 'groups';

/** Where correlations keep what they have seen. Adding an entry again changes nothing and gives the same view. */
export interface CorrelationState {
  /** Adds entries of one group: different ones, by time, and none further than a timespan from the first. */
  add(
    where: { readonly correlation: string; readonly group: string; readonly timespan: number },
    entries: readonly Entry[],
  ): Promise<View> | View;
}

/** How many marks there are in one timespan, at most. */
export const MARKS_PER_TIMESPAN = 8;

/**
 * What a group leaves where an entry was not kept: whoever looks at a window with such a time in it cannot count it.
 * Two fixed times around the entry, of which every window that holds the entry holds one, and few in all.
 */
export function marksAround(time: number, timespan: number): [number, number] {
  const step = Math.max(1, Math.floor(timespan / MARKS_PER_TIMESPAN));
  return [Math.floor(time / step) * step, Math.ceil(time / step) * step];
}

export function byTime(a: Entry, b: Entry): number {
  return a.time - b.time || a.rule - b.rule || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
