import { isJsonObject, type Json } from '../model/json';

const cache = new WeakMap<object, readonly string[]>();

/**
 * A value as the texts that string operators look at; null has none. Rules in daily use aim `contains` at whole
 * objects (`requestParameters|contains`), so an object is its JSON, and where that has escapes (a policy inside a
 * string) also the same with the strings as they are, because that is how people read and write them.
 */
export function textsOf(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (value === null) return [];
  if (typeof value !== 'object') return [String(value)];
  const known = cache.get(value);
  if (known !== undefined) return known;
  const json = JSON.stringify(value);
  const texts = json.includes('\\') ? [json, unescaped(value)] : [json];
  cache.set(value, texts);
  return texts;
}

function unescaped(value: Json): string {
  if (typeof value === 'string') return `"${value}"`;
  if (Array.isArray(value)) return `[${value.map(unescaped).join(',')}]`;
  if (isJsonObject(value)) {
    const pairs = Object.entries(value).flatMap(([key, item]) =>
      item === undefined ? [] : [`"${key}":${unescaped(item)}`],
    );
    return `{${pairs.join(',')}}`;
  }
  return String(value);
}
