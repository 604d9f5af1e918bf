import type { Entry, Placed } from '../../../lib/sigma/correlation/state';

const DAY_SECONDS = 86_400;
/** Sorts after every id. */
export const LAST = '~';

/** By time, then id. 15 digits hold every time that JavaScript knows after 1970. */
export function sortKey(time: number, id: string): string {
  return `${String(Math.max(0, Math.trunc(time))).padStart(15, '0')}#${id}`;
}

/**
 * Seconds since the epoch. Events count from their own time or from now, whichever is later, and one that claims to be
 * from the future is not kept for its sake.
 */
export function timeToLive(time: number, timespan: number, now: number): number {
  const from = Math.min(Math.max(time, now), now + DAY_SECONDS * 1_000);
  return Math.ceil((from + 2 * timespan) / 1_000) + DAY_SECONDS;
}

export function itemOf(group: string, entry: Entry, expiresAt: number): Record<string, unknown> {
  const { id, time, rule, event, values, distrusted, above } = entry;
  return {
    pk: `GROUP#${group}`,
    sk: sortKey(time, id),
    rule,
    event,
    // Texts: they are only ever read as a whole, and DynamoDB's client takes no number past 2^53, which anybody may log.
    ...(values !== undefined && { values: JSON.stringify(values) }),
    ...(distrusted && { distrusted }),
    ...(above !== undefined && { above: JSON.stringify(above) }),
    expiresAt,
  };
}

/** Sorts after the entries of its time. */
export function markOf(group: string, time: number, expiresAt: number): Record<string, unknown> {
  return { pk: `GROUP#${group}`, sk: sortKey(time, LAST), expiresAt };
}

export function isMark({ sk }: Record<string, unknown>): boolean {
  return typeof sk === 'string' && sk.endsWith(`#${LAST}`);
}

/** When an entry happened, or where a mark stands. */
export function timeOf({ sk }: Record<string, unknown>): number {
  return Number(String(sk).split('#')[0]);
}

/** @throws Error for an item that this code did not write */
export function entryOf(item: Record<string, unknown>): Entry {
  const { sk, rule, event, values, distrusted, above } = item;
  if (typeof sk !== 'string' || typeof rule !== 'number' || typeof event !== 'string')
    throw new Error(`the correlation table holds an item that is none: ${JSON.stringify(item).slice(0, 200)}`);
  const [time = '', id = ''] = sk.split('#');
  return {
    id,
    time: Number(time),
    rule,
    event,
    ...valuesIn(values),
    ...(distrusted === true && { distrusted }),
    ...(typeof above === 'string' && { above: JSON.parse(above) as Record<string, Placed> }),
  };
}

/** Older versions kept a list. */
function valuesIn(kept: unknown): Pick<Entry, 'values'> {
  const values: unknown = typeof kept === 'string' ? JSON.parse(kept) : kept;
  return Array.isArray(values) ? { values: values as (string | number)[] } : {};
}
