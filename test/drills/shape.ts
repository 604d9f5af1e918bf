import { isJsonObject, type Json } from '../../lib/model/json';

/**
 * Paths of a value with the types at them, as `userIdentity.arn string`. Elements of an array share one path. What is
 * empty has no shape.
 */
export function shapeOf(value: Json | undefined, path = ''): Set<string> {
  if (Array.isArray(value)) return new Set(value.flatMap((item) => [...shapeOf(item, `${path}[]`)]));
  if (!isJsonObject(value)) return new Set([`${path} ${value === null ? 'null' : typeof value}`]);
  return new Set(
    Object.entries(value).flatMap(([key, item]) => [...shapeOf(item, path === '' ? key : `${path}.${key}`)]),
  );
}

/** GuardDuty's API writes `AccountId`, EventBridge delivers `accountId`: compared in the second spelling. */
export function lowerCamelCase(value: Json | undefined): Json {
  if (Array.isArray(value)) return value.map(lowerCamelCase);
  if (!isJsonObject(value)) return value ?? null;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key.charAt(0).toLowerCase() + key.slice(1), lowerCamelCase(item)]),
  );
}
