import { isJsonObject, type Json } from './json';

/**
 * One spelling for one value: keys sorted by code unit, no white space, undefined left out.
 * What is hashed is written this way, so that a reader in any language gets the same hash.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value as Json));
}

function sorted(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((item) => sorted(item) ?? null);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])] as const)
      .filter(([, item]) => item !== undefined),
  );
}
