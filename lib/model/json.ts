/** What `JSON.parse` can give. */
export type Json = string | number | boolean | null | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json | undefined;
}

/** True for an object that is neither null nor an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object at a dotted path, or undefined where the path ends early. Arrays are not entered. */
export function at(value: Json | undefined, path: string): Json | undefined {
  // Asked several times for every event.
  if (!path.includes('.')) return isJsonObject(value) ? value[path] : undefined;
  let here: Json | undefined = value;
  for (const key of path.split('.')) {
    if (!isJsonObject(here)) return undefined;
    here = here[key];
  }
  return here;
}

/** The string at a path; undefined for anything that is not a non-empty string. */
export function textAt(value: Json | undefined, path: string): string | undefined {
  const found = at(value, path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}
