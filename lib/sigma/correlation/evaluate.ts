import { assertNever } from '../../model/assert-never';
import type { CompareOp, CompiledCorrelation } from '../compiled-rules';
import type { Entry } from './state';

/** The number that a correlation compares, over the entries of one window, which `last` ends. */
export function measure(correlation: CompiledCorrelation, window: readonly Entry[], last: Entry): number | undefined {
  switch (correlation.type) {
    case 'event_count':
      return new Set(window.map(({ event }) => event)).size;
    case 'value_count':
      return new Set(window.flatMap(({ values }) => values ?? [])).size;
    case 'temporal':
      return new Set(window.map(({ rule }) => rule)).size;
    case 'temporal_ordered':
      return longestChain(window, correlation.rules.length);
    case 'value_sum':
      return numbers(window).reduce((sum, value) => sum + value, 0);
    case 'value_avg': {
      const found = numbers(window);
      return found.length === 0 ? undefined : found.reduce((sum, value) => sum + value, 0) / found.length;
    }
    case 'value_percentile':
      return correlation.percentile === undefined
        ? shareOf(last, window)
        : nearestRank(numbers(window), correlation.percentile);
    default:
      return assertNever(correlation.type);
  }
}

const COMPARE: Readonly<Record<CompareOp, (actual: number, wanted: number) => boolean>> = {
  gt: (actual, wanted) => actual > wanted,
  gte: (actual, wanted) => actual >= wanted,
  lt: (actual, wanted) => actual < wanted,
  lte: (actual, wanted) => actual <= wanted,
  eq: (actual, wanted) => actual === wanted,
  neq: (actual, wanted) => actual !== wanted,
};

export function holds(correlation: CompiledCorrelation, measured: number | undefined): boolean {
  return measured !== undefined && correlation.holds.every(({ op, value }) => COMPARE[op](measured, value));
}

/**
 * How many different rules follow each other in the order of writing. CloudTrail's times are whole seconds: what
 * happened in the same second may have been in order, and so it was.
 */
function longestChain(window: readonly Entry[], rules: number): number {
  const best = new Array<number>(rules).fill(0);
  for (const { rule } of window) {
    const before = Math.max(0, ...best.slice(0, rule));
    best[rule] = Math.max(best[rule] ?? 0, before + 1);
  }
  return Math.max(0, ...best);
}

function numbers(window: readonly Entry[]): number[] {
  return window.flatMap(({ values }) => values ?? []).filter((value) => typeof value === 'number');
}

/** The smallest value that so many percent of the values do not exceed. */
function nearestRank(values: readonly number[], percentile: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil((percentile / 100) * sorted.length) - 1];
}

/** Which share, in percent, of all values in the window is the one that the last event has. */
function shareOf(last: Entry, window: readonly Entry[]): number | undefined {
  const all = window.flatMap(({ values }) => values ?? []);
  const own = last.values ?? [];
  if (own.length === 0) return undefined;
  return Math.min(...own.map((value) => (100 * all.filter((other) => other === value).length) / all.length));
}
