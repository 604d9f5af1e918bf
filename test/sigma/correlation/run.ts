import type { JsonObject } from '../../../lib/model/json';
import { Correlator, match, type CorrelationMatch, type CorrelationState, type Program } from '../../../lib/sigma';

export interface TestEvent {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly at: number;
  readonly record: JsonObject;
}

export const APPLICATION = { product: 'application' };

/** What correlations say to events, in the order in which they come. */
export async function run(
  program: Program,
  state: CorrelationState,
  events: readonly TestEvent[],
): Promise<CorrelationMatch[]> {
  const correlator = new Correlator(program, state);
  const found: CorrelationMatch[] = [];
  for (const { id, at, record } of events) {
    const rules = match(program, record, APPLICATION).map(({ rule }) => rule.id);
    found.push(...(await correlator.observe({ id, time: at * 1_000, record }, rules)));
  }
  return found;
}

/** The same, where so many events come in each delivery. */
export async function runTogether(
  program: Program,
  state: CorrelationState,
  events: readonly TestEvent[],
  size: number,
): Promise<CorrelationMatch[]> {
  const correlator = new Correlator(program, state);
  const found: CorrelationMatch[] = [];
  for (let from = 0; from < events.length; from += size) {
    const matched = events.slice(from, from + size).map(({ id, at, record }) => ({
      subject: { id, time: at * 1_000, record },
      ruleIds: match(program, record, APPLICATION).map(({ rule }) => rule.id),
    }));
    await correlator.observeAll(matched, (one) => found.push(one));
  }
  return found;
}

export const keysOf = (matches: readonly CorrelationMatch[]): string[] =>
  [...new Set(matches.map(({ alertKey }) => alertKey))].sort();

/** `kind@seconds`, of user u unless said otherwise. */
export function events(line: string, record: (index: number) => JsonObject = () => ({})): TestEvent[] {
  return line
    .trim()
    .split(/\s+/)
    .map((word, index) => {
      const [kind = '', at = '0'] = word.split('@');
      return { id: `e${index}`, at: Number(at), record: { kind, user: 'u', ...record(index) } };
    });
}
