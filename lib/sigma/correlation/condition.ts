import { COMPARE_OPS, type CompareOp, type CorrelationType } from '../compiled-rules';
import { text, texts } from '../metadata';
import type { Place, Problems } from '../problems';
import { didYouMean } from '../suggest';
import type { Entry } from '../yaml';
import { MAX_ENTRIES_PER_GROUP } from './state';
import type { CorrelationSyntax, Reference } from './syntax';

type ConditionSyntax = Pick<CorrelationSyntax, 'holds' | 'fields' | 'percentile'>;

const KEYS = [...COMPARE_OPS, 'field', 'percentile'];
const WHOLE = new Set<CorrelationType>(['event_count', 'value_count', 'temporal', 'temporal_ordered']);
const OF_A_FIELD = new Set<CorrelationType>(['value_count', 'value_sum', 'value_avg', 'value_percentile']);
const BY_DEFAULT_ALL = new Set<CorrelationType>(['temporal', 'temporal_ordered']);

/** The condition of a correlation; mistakes are told, and what is usable comes back. */
export function parseCorrelationCondition(
  entry: Entry | undefined,
  type: CorrelationType,
  rules: number,
  place: Place,
  problems: Problems,
): ConditionSyntax {
  if (entry === undefined) {
    if (BY_DEFAULT_ALL.has(type)) return { holds: [{ op: 'gte', value: rules }], fields: [] };
    problems.add(place, `'condition' is missing: a ${type} correlation says what it compares with, as in {gte: 10}`);
    return { holds: [], fields: [] };
  }
  if (entry.value.kind !== 'map') {
    problems.add(
      entry.value,
      "'condition' of a correlation is a map, as in {gte: 10}; the expressions of rules are not for it",
    );
    return { holds: [], fields: [] };
  }
  const holds: { op: CompareOp; value: number }[] = [];
  let fields: Reference[] = [];
  let percentile: number | undefined;
  for (const part of entry.value.entries) {
    if (isOp(part.key)) {
      const value = number(part, WHOLE.has(type), problems);
      if (value !== undefined) holds.push({ op: part.key, value });
    } else if (part.key === 'field') fields = fieldList(part, type, problems);
    else if (part.key === 'percentile') percentile = percentileOf(part, type, problems);
    else problems.add(part.place, `unknown key '${part.key}' in 'condition'${didYouMean(part.key, KEYS)}`);
  }
  check(entry, type, holds, fields, rules, problems);
  const compared = holds.length === 0 && BY_DEFAULT_ALL.has(type) ? [{ op: 'gte' as const, value: rules }] : holds;
  return { holds: compared, fields, ...(percentile !== undefined && { percentile }) };
}

function check(
  entry: Entry,
  type: CorrelationType,
  holds: readonly { op: CompareOp; value: number }[],
  fields: readonly Reference[],
  rules: number,
  problems: Problems,
): void {
  if (holds.length === 0 && !BY_DEFAULT_ALL.has(type))
    problems.add(entry.value, `'condition' compares with nothing; write one of ${COMPARE_OPS.join(', ')}`);
  if (holds.length > 2) problems.add(entry.value, "'condition' takes one comparison, or two for a range");
  if (OF_A_FIELD.has(type) && fields.length === 0)
    problems.add(
      entry.value,
      `'field' is missing in 'condition': a ${type} correlation looks at the values of a field`,
    );
  const [first, second] = holds;
  if (first !== undefined && second !== undefined && !canHoldTogether(first, second))
    problems.add(entry.value, `no number is ${first.op} ${first.value} and ${second.op} ${second.value}`);
  if (!WHOLE.has(type)) return;
  for (const { op, value } of holds) {
    const least = op === 'gt' ? value + 1 : value;
    if ((op === 'gt' || op === 'gte' || op === 'eq') && least > MAX_ENTRIES_PER_GROUP)
      problems.add(
        entry.value,
        `a group is counted to ${MAX_ENTRIES_PER_GROUP} and no further, got '${op}: ${value}'; take a smaller number and a shorter 'timespan'`,
      );
    if (BY_DEFAULT_ALL.has(type) && (op === 'gt' || op === 'gte' || op === 'eq') && least > rules)
      problems.add(entry.value, `'${op}: ${value}' can never hold: there are ${rules} rules`);
  }
}

function canHoldTogether(a: { op: CompareOp; value: number }, b: { op: CompareOp; value: number }): boolean {
  const low = Math.max(
    ...[a, b].map(({ op, value }) => (op === 'gt' || op === 'gte' || op === 'eq' ? value : -Infinity)),
  );
  const high = Math.min(
    ...[a, b].map(({ op, value }) => (op === 'lt' || op === 'lte' || op === 'eq' ? value : Infinity)),
  );
  if (low < high) return true;
  return low === high && [a, b].every(({ op, value }) => value !== low || op === 'gte' || op === 'lte' || op === 'eq');
}

function isOp(key: string): key is CompareOp {
  return (COMPARE_OPS as readonly string[]).includes(key);
}

function number(entry: Entry, whole: boolean, problems: Problems): number | undefined {
  const value = entry.value.kind === 'scalar' ? entry.value.value : undefined;
  if (typeof value === 'number' && Number.isFinite(value) && (!whole || (Number.isInteger(value) && value >= 0)))
    return value;
  problems.add(
    entry.value,
    `'${entry.key}' needs ${whole ? 'a whole number that is not negative' : 'a number'}, got ${value === undefined ? `a ${entry.value.kind}` : JSON.stringify(value)}`,
  );
  return undefined;
}

function fieldList(entry: Entry, type: CorrelationType, problems: Problems): Reference[] {
  const found = texts(entry, problems);
  if (!OF_A_FIELD.has(type)) {
    problems.add(entry.place, `'field' is for ${[...OF_A_FIELD].join(', ')}; a ${type} correlation counts events`);
    return [];
  }
  if (found.length > 1 && type !== 'value_count')
    problems.add(entry.value, `a ${type} correlation looks at one field, got ${found.length}`);
  return found.map((reference) => ({ reference, place: entry.value }));
}

function percentileOf(entry: Entry, type: CorrelationType, problems: Problems): number | undefined {
  const value = Number(text(entry, problems));
  if (type !== 'value_percentile') problems.add(entry.place, "'percentile' is for value_percentile");
  if (value > 0 && value <= 100) return value;
  problems.add(entry.value, "'percentile' is a number above 0 and up to 100");
  return undefined;
}
