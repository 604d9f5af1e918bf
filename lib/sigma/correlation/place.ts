import { sha256 } from '../../model/ids';
import type { Json, JsonObject } from '../../model/json';
import type { CompiledCorrelation, CorrelatedField } from '../compiled-rules';
import { compilePath } from '../paths';
import { MAX_VALUES, type Placed } from './state';

/** Where an event that matched rule number `position` stands in a correlation. */
export type Placer = (record: JsonObject) => Placed | undefined;

/** Made once for each correlation and position: paths are prepared at load. */
export function placer(correlation: CompiledCorrelation, position: number): Placer {
  const groups = correlation.groupBy.map((field) => lookup(field, position));
  const fields = correlation.fields.map((field) => lookup(field, position));
  const asNumbers =
    correlation.type === 'value_sum' ||
    correlation.type === 'value_avg' ||
    (correlation.type === 'value_percentile' && correlation.percentile !== undefined);
  return (record) => {
    const key = groups.map((look) => look(record));
    // As in SQL, what has no value belongs to no group: strangers are not counted together.
    if (key.some((values) => values.length === 0)) return undefined;
    const group = sha256(JSON.stringify([correlation.id, ...key])).slice(0, 32);
    if (fields.length === 0) return { group };
    const values = asNumbers ? fields.flatMap((look) => look(record).flatMap(numeric)) : distinct(fields, record);
    return { group, values: values.slice(0, MAX_VALUES) };
  };
}

/** The values that an event is grouped by, for people. */
export function groupValues(
  correlation: CompiledCorrelation,
  position: number,
  record: JsonObject,
): [string, string][] {
  return correlation.groupBy.map((field) => [field.name, lookup(field, position)(record).join(', ')]);
}

function lookup(field: CorrelatedField, position: number): (record: JsonObject) => string[] {
  const values = compilePath(field.paths[position] ?? '');
  return (record) =>
    values(record)
      .filter((value) => value !== null)
      .map(asText);
}

function asText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function numeric(text: string): number[] {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? [value] : [];
}

/** Hashed: a value may be as long as whoever wrote it wants. Of several fields the combination counts. */
function distinct(fields: readonly ((record: JsonObject) => string[])[], record: JsonObject): string[] {
  const found = fields.map((look) => look(record));
  const combined =
    found.length === 1 ? (found[0] ?? []) : found.some((values) => values.length === 0) ? [] : [JSON.stringify(found)];
  return [...new Set(combined.map((value) => sha256(value).slice(0, 16)))];
}
