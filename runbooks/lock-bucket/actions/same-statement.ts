import { canonicalJson } from '../../../lib/model/canonical-json';
import { isJsonObject, type Json, type JsonObject } from '../../../lib/model/json';

/**
 * What a statement says, as a text that equals that of any other way to say it: S3 gives a policy back with lists in another order,
 * and a list of one as its only entry.
 */
export function meaningOf(statement: Json): string {
  if (!isJsonObject(statement)) return canonicalJson(statement);
  return canonicalJson(
    Object.fromEntries(Object.entries(statement).map(([key, value]) => [key, normal(key, value ?? null)])),
  );
}

function normal(key: string, value: Json): Json {
  if (/^(Not)?(Action|Resource)$/.test(key)) return asList(value);
  if (/^(Not)?Principal$/.test(key)) return isJsonObject(value) ? eachList(value) : eachList({ AWS: value });
  if (key !== 'Condition' || !isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([operator, keys]) => [operator, isJsonObject(keys) ? eachList(keys) : (keys ?? null)]),
  );
}

function eachList(value: JsonObject): Json {
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, asList(entry ?? null)]));
}

/** Numbers and booleans of conditions come back as text. */
function asList(value: Json): Json {
  const list = Array.isArray(value) ? value : [value];
  return [...new Set(list.map((entry) => (typeof entry === 'string' ? entry : JSON.stringify(entry))))].sort();
}
