import { sha256 } from '../../../lib/model/ids';
import type { JsonObject } from '../../../lib/model/json';
import { match, type CompiledCorrelation, type Program } from '../../../lib/sigma';
import { APPLICATION, type TestEvent } from './run';

/**
 * Which alerts there must be, by looking at everything at once: no state, no order of arrival, nothing shared with
 * the engine but the program. Single-valued fields only.
 */
export function oracle(program: Program, all: readonly TestEvent[]): string[] {
  const unique = [...new Map(all.map((event) => [event.id, event])).values()];
  const happened = new Map<string, TestEvent[]>();
  for (const { id } of program.rules)
    happened.set(
      id,
      unique.filter(({ record }) => match(program, record, APPLICATION).some(({ rule }) => rule.id === id)),
    );
  const keys = new Set<string>();
  for (const correlation of program.correlations ?? []) {
    const completed = new Map<string, TestEvent>();
    for (const [group, entries] of groupsOf(correlation, happened)) {
      for (const last of entries) {
        const span = correlation.timespan / 1_000;
        const window = entries.filter(({ event }) => event.at <= last.event.at && event.at >= last.event.at - span);
        if (!correlation.holds.every(({ op, value }) => compare(op, measured(correlation, window, last), value)))
          continue;
        completed.set(last.event.id, last.event);
        if (!correlation.silent) keys.add(`${correlation.id}:${group}:${Math.floor(last.event.at / span)}`);
      }
    }
    happened.set(correlation.id, [...completed.values()]);
  }
  return [...keys].sort();
}

interface Entry {
  readonly event: TestEvent;
  readonly rule: number;
}

function groupsOf(correlation: CompiledCorrelation, happened: ReadonlyMap<string, TestEvent[]>): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>();
  correlation.rules.forEach((id, rule) => {
    for (const event of happened.get(id) ?? []) {
      const values = correlation.groupBy.map(({ paths }) => event.record[paths[rule] ?? '']);
      if (values.some((value) => value === undefined || value === null)) continue;
      const group = sha256(JSON.stringify([correlation.id, ...values.map((value) => [value])])).slice(0, 32);
      groups.set(group, [...(groups.get(group) ?? []), { event, rule }]);
    }
  });
  return groups;
}

function measured(correlation: CompiledCorrelation, window: readonly Entry[], last: Entry): number | undefined {
  const valueOf = ({ event, rule }: Entry): JsonObject[string] =>
    event.record[correlation.fields[0]?.paths[rule] ?? ''];
  const values = window.map(valueOf).filter((value) => value !== undefined && value !== null);
  const numbers = values.map(Number).filter((value) => !Number.isNaN(value));
  const sum = numbers.reduce((total, value) => total + value, 0);
  switch (correlation.type) {
    case 'event_count':
      return new Set(window.map(({ event }) => event.id)).size;
    case 'value_count':
      return new Set(values).size;
    case 'temporal':
      return new Set(window.map(({ rule }) => rule)).size;
    case 'temporal_ordered':
      return longest(window, correlation.rules.length);
    case 'value_sum':
      return sum;
    case 'value_avg':
      return numbers.length === 0 ? undefined : sum / numbers.length;
    case 'value_percentile': {
      const { percentile } = correlation;
      if (percentile === undefined) {
        const own = valueOf(last);
        return own === undefined ? undefined : (100 * values.filter((value) => value === own).length) / values.length;
      }
      const sorted = [...numbers].sort((a, b) => a - b);
      return sorted.find((_, index) => ((index + 1) / sorted.length) * 100 >= percentile);
    }
  }
}

/** By trying every choice of rules, longest first: slow, and plainly what is meant. */
function longest(window: readonly Entry[], rules: number): number {
  const inOrder = (wanted: readonly number[]): boolean => {
    let from = -Infinity;
    for (const rule of wanted) {
      const next = Math.min(
        ...window.filter((entry) => entry.rule === rule && entry.event.at >= from).map(({ event }) => event.at),
      );
      if (next === Infinity) return false;
      from = next;
    }
    return true;
  };
  const choices = Array.from({ length: 2 ** rules }, (_, bits) =>
    [...Array(rules).keys()].filter((rule) => bits & (1 << rule)),
  );
  return Math.max(...choices.filter(inOrder).map(({ length }) => length));
}

function compare(op: string, actual: number | undefined, wanted: number): boolean {
  if (actual === undefined) return false;
  switch (op) {
    case 'gt':
      return actual > wanted;
    case 'gte':
      return actual >= wanted;
    case 'lt':
      return actual < wanted;
    case 'lte':
      return actual <= wanted;
    case 'eq':
      return actual === wanted;
    default:
      return actual !== wanted;
  }
}
