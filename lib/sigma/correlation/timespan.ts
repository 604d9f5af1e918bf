const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** What is kept, in a table and in memory, is kept this long at least. */
export const MAX_TIMESPAN_DAYS = 30;

/** `90m` in milliseconds, or what is wrong with it. */
export function parseTimespan(text: string): number | string {
  const found = /^(\d{1,9})([smhd])$/.exec(text);
  if (found === null)
    return `'timespan' is a number and one of s, m, h, d in lower case, as in 90m, got '${text.slice(0, 50)}'`;
  const span = Number(found[1]) * (UNITS[found[2] ?? ''] ?? 0);
  if (span === 0) return "'timespan' must be longer than nothing";
  if (span > MAX_TIMESPAN_DAYS * 86_400_000)
    return `'timespan' is at most ${MAX_TIMESPAN_DAYS}d, because all of it is kept, got '${text}'`;
  return span;
}

/** Milliseconds as a rule would write them. */
export function formatTimespan(span: number): string {
  const [unit = 's', size = 1_000] = Object.entries(UNITS).findLast(([, length]) => span % length === 0) ?? [];
  return `${span / size}${unit}`;
}
