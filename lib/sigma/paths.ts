import { isJsonObject, type Json, type JsonObject } from '../model/json';

/**
 * All values at a dotted path. Arrays on the way and at the end are entered, so `containers.command` finds the
 * command of each container. Nothing found means that the field is missing; null is a value of its own, and so
 * is an empty array. A key that itself holds dots (flattened records) is found too.
 */
export function compilePath(path: string): (record: JsonObject) => Json[] {
  const keys = path.split('.');
  // What is left of the path at each depth, for keys with dots.
  const rests = keys.map((_, index) => keys.slice(index).join('.'));
  const inherited = new Set([...keys, ...rests].filter((key) => key in Object.prototype));
  const walk = (value: Json, depth: number, found: Json[]): void => {
    if (Array.isArray(value)) {
      if (value.length === 0 && depth === keys.length) found.push(value);
      for (const item of value) walk(item, depth, found);
      return;
    }
    if (depth === keys.length) {
      found.push(value);
      return;
    }
    if (!isJsonObject(value)) return;
    step(value, keys[depth] ?? '', depth + 1, found);
    if (depth < keys.length - 1) step(value, rests[depth] ?? '', keys.length, found);
  };
  const step = (value: JsonObject, key: string, depth: number, found: Json[]): void => {
    const next = value[key];
    if (next === undefined) return;
    // Own keys only: `constructor` is no field of a record. Asked where it could be one, since asking is slow.
    if (inherited.has(key) && !Object.hasOwn(value, key)) return;
    walk(next, depth, found);
  };
  return (record) => {
    const found: Json[] = [];
    walk(record, 0, found);
    return found;
  };
}

/** Every text, number and boolean anywhere in a record: what keywords are looked for in. */
export function leaves(record: JsonObject): Json[] {
  const found: Json[] = [];
  const left: Json[] = [record];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (Array.isArray(value)) left.push(...value);
    else if (isJsonObject(value)) left.push(...Object.values(value).filter((item) => item !== undefined));
    else if (value !== null) found.push(value);
  }
  return found;
}
