import type { ReportedRow } from './report';

/**
 * Rows stand in the order in which they were written down, and that order is chained; each has the time of whoever wrote
 * it. Where a time is before the one above it, the reader is told why; else nothing.
 */
export function backwards(timeline: readonly ReportedRow[]): string[] {
  const early = timeline.filter(({ at }, index) => at < (timeline[index - 1]?.at ?? '')).map(({ name }) => name);
  if (early.length === 0) return [];
  const rows = early.slice(0, MAX_NAMED).join(', ');
  const more = early.length > MAX_NAMED ? ' and others' : '';
  return [
    `${early.length === 1 ? 'Row' : 'Rows'} ${rows}${more}: earlier by the clock than the row above, because several functions write at once. The order of the rows is the one that is chained.`,
  ];
}

const MAX_NAMED = 10;
