import type { Because } from '../../model/alert';
import type { JsonObject } from '../../model/json';
import type { CompiledCorrelation } from '../compiled-rules';
import { groupValues } from './place';
import { MAX_ENTRIES_PER_GROUP, MAX_GROUPS, type Saturated } from './state';
import { formatTimespan } from './timespan';

const MAX_SHOWN = 256;

/** Why a correlation holds: the group, and the number that was compared. */
export function explainCorrelation(
  correlation: CompiledCorrelation,
  on: {
    readonly position: number;
    readonly record: JsonObject;
    readonly measured: number | undefined;
    readonly saturated: Saturated | undefined;
  },
): Because[] {
  const groups = groupValues(correlation, on.position, on.record).map(([path, value]): Because => {
    const shown = value.length <= MAX_SHOWN ? value : `${value.slice(0, MAX_SHOWN)}… (${value.length} characters)`;
    return { path, op: 'group-by', value: shown, actual: shown };
  });
  const fields = correlation.fields.map(({ name }) => name).join(', ');
  const path = `(${correlation.type}${fields === '' ? '' : ` of ${fields}`} in ${formatTimespan(correlation.timespan)})`;
  const actual = on.measured === undefined ? '(nothing)' : String(on.measured);
  const compared = correlation.holds.map(({ op, value }): Because => ({ path, op, value: String(value), actual }));
  if (on.saturated === undefined) return [...groups, ...compared];
  const bound =
    on.saturated === 'group'
      ? `more than ${MAX_ENTRIES_PER_GROUP} events of this group in the timespan`
      : `more than ${MAX_GROUPS} groups in the timespan`;
  return [...groups, { path, op: 'saturated', value: bound, actual: 'not counted further, and so taken to hold' }];
}
