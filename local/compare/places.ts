import { sameValue } from './same-value';

interface Place {
  readonly property: string;
  readonly template: unknown;
  readonly api: unknown;
}

/** Where within a property two values differ: of a map with many entries those that do, and not the whole of it. */
export function placesOf(property: string, template: unknown, api: unknown): Place[] {
  if (sameValue(template, api)) return [];
  if (!isMap(template) || !isMap(api)) return [{ property, template, api }];
  const names = [...new Set([...Object.keys(template), ...Object.keys(api)])];
  const places = names.flatMap((name) => placesOf(`${property}.${name}`, template[name], api[name]));
  // An entry that is nothing, and none: it is told, too.
  return places.length > 0 ? places : [{ property, template, api }];
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
