import type { Difference } from '../compare';

/** Characters of a value, from where it begins to differ. */
const MAX_VALUE = 60;
/** Characters before that, so that one sees what it is. */
const BEFORE = 12;

/**
 * Differences in words: one line for each property of each type, with how many resources differ there. Nothing is left
 * out but further values of the same property; the line says whose value it shows.
 */
export function inWords(differences: readonly Difference[]): string[] {
  const groups = new Map<string, Difference[]>();
  for (const difference of differences) {
    const key = `${difference.type} ${difference.property}`;
    groups.set(key, [...(groups.get(key) ?? []), difference]);
  }
  return [...groups].map(([place, group]) => line(place, group));
}

function line(place: string, group: readonly Difference[]): string {
  const said = group.map(({ template, api }) => values(template, api));
  const [first = ''] = said;
  if (group.length === 1) return `${place}: ${first}`;
  const others = new Set(said).size - 1;
  return others === 0
    ? `${place}: ${first} (${group.length} resources)`
    : `${place}: ${first} at ${group[0]?.logicalId ?? ''}, and so or otherwise at ${group.length - 1} more`;
}

function values(template: unknown, api: unknown): string {
  const [wanted, found] = [written(template), written(api)];
  const from = Math.max(0, firstDifference(wanted, found) - BEFORE);
  return `${part(found, from)} in the API, ${part(wanted, from)} in the template`;
}

function written(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}

function firstDifference(a: string, b: string): number {
  let index = 0;
  while (index < a.length && a[index] === b[index]) index++;
  return index;
}

function part(text: string, from: number): string {
  const start = from === 0 ? '' : '…';
  return text.length - from <= MAX_VALUE
    ? `${start}${text.slice(from)}`
    : `${start}${text.slice(from, from + MAX_VALUE)}…`;
}
