import { expect, test } from '@jest/globals';
import { at, isJsonObject, type JsonObject } from '../../lib/model/json';
import { FLAG_FIELDS, TEXT_FIELDS } from '../../lib/sigma/prefilter';
import { certain, isUsual } from '../../lib/sigma/prefilter/spelling';
import { corpusJson, corpusLines, describeCorpus } from '../sigma/corpus';
import { awsRules, corpusEvents } from './corpus-events';

/** How an event breaks docs/cloudtrail-facts.md, by the number of the fact. */
function broken(event: JsonObject): string[] {
  const found: string[] = [];
  if (Object.keys(event).some((key) => key.includes('.'))) found.push('2: a key with a dot');
  for (const { path, spelling, missingMeansNone } of TEXT_FIELDS) {
    const value = at(event, path);
    if (value === undefined || (value === null && missingMeansNone === undefined)) continue;
    if (typeof value !== 'string') {
      found.push(`2: ${path} is no text`);
      continue;
    }
    if (missingMeansNone && value === '') found.push(`7: ${path} is empty`);
    if (spelling.kind === 'lower' && value !== value.toLowerCase()) found.push(`5: ${path} is ${value}`);
    if (spelling.kind === 'known' && !spelling.values.includes(value)) found.push(`6: ${path} is ${value}`);
    if (spelling.kind === 'pascal' && !isUsual(value, true)) found.push(`3: ${path} is ${value}`);
  }
  if (event.eventName === undefined) found.push('3: no eventName');
  for (const path of FLAG_FIELDS) {
    const value = at(event, path);
    if (value !== undefined && typeof value !== 'boolean') found.push(`8: ${path} is ${JSON.stringify(value)}`);
  }
  return found;
}

describeCorpus('the table of CloudTrail facts', () => {
  test('holds for every record that AWS wrote', () => {
    const { noise } = corpusEvents();
    const stratus = corpusLines('events/stratus-detonations.jsonl').map(({ event }) => event as JsonObject);
    const custodian = corpusLines('events/cloudtrail-custodian.jsonl');
    expect([...noise, ...stratus, ...custodian].flatMap(broken)).toEqual([]);
  });

  test('is broken by hand-written records in known ways only', () => {
    const counts = new Map<string, number>();
    for (const { log } of corpusLines('events/panther-cloudtrail-tests.jsonl'))
      for (const reason of isJsonObject(log) ? broken(log) : []) counts.set(reason, (counts.get(reason) ?? 0) + 1);
    expect(Object.fromEntries(counts)).toEqual({
      '3: no eventName': 9,
      '6: eventType is logout': 1,
      '8: managementEvent is "True"': 1,
      '8: readOnly is "True"': 1,
    });
  });

  test('no two names differ in their case only, and beginnings are spelled alike', () => {
    const catalogue = corpusJson('events/cloudtrail-attack-catalogue.json');
    const listed = (Array.isArray(catalogue) ? catalogue : Object.values(catalogue).flat()) as JsonObject[];
    const { all } = corpusEvents();
    const names = [
      ...new Set([...all, ...listed].map(({ eventName }) => eventName).filter((name) => typeof name === 'string')),
    ];
    expect(names.length).toBeGreaterThan(400);
    expect(names.filter((name) => !isUsual(name, true))).toEqual([]);
    const spellings = new Map<string, string>();
    const differing: string[] = [];
    for (const name of names) {
      const known = spellings.get(name.toLowerCase());
      if (known !== undefined && known !== name) differing.push(`${known} ${name}`);
      spellings.set(name.toLowerCase(), name);
    }
    expect(differing).toEqual([]);
    expect(names.flatMap((name) => names.filter((other) => partsEarly(name, other)))).toEqual([]);
    // What rules of others write is what AWS writes.
    const written = JSON.stringify(awsRules());
    const slips = names.filter((name) => new RegExp(`"${name}"`, 'i').test(written) && !written.includes(`"${name}"`));
    expect(slips).toEqual([]);
  });
});

/** Do two names begin with the same letters in another case, as far as that is said to be certain? */
function partsEarly(name: string, other: string): boolean {
  const start = certain(name);
  return start.length > 0 && !other.startsWith(start) && other.toLowerCase().startsWith(start.toLowerCase());
}
