import { byTime, type Entry } from './state';

/** Position of the first entry that is not earlier. */
export function firstAt(entries: readonly Entry[], time: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.time ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Both ends included. */
export function between(entries: readonly Entry[], from: number, to: number): Entry[] {
  return entries.slice(firstAt(entries, from), firstAt(entries, to + 1));
}

export function insert(entries: Entry[], entry: Entry): void {
  let at = firstAt(entries, entry.time);
  // Most come last, or after many of the same time.
  const last = entries.at(-1);
  if (last === undefined || byTime(last, entry) < 0) at = entries.length;
  for (let next = entries[at]; next !== undefined && byTime(next, entry) < 0; next = entries[at]) at++;
  entries.splice(at, 0, entry);
}

/** Sorted entries in parts of which none is longer than a timespan. */
export function stretches(entries: readonly Entry[], timespan: number): Entry[][] {
  const parts: Entry[][] = [];
  for (const entry of entries) {
    const part = parts.at(-1);
    if (part?.[0] !== undefined && entry.time - part[0].time <= timespan) part.push(entry);
    else parts.push([entry]);
  }
  return parts;
}
