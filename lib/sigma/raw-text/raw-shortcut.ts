import { assertNever } from '../../model/assert-never';
import type { Logsource, Program } from '../compiled-rules';
import { covers } from '../matcher';
import { BlockScan } from './block-scan';
import { leadsOf, needOf, waysOf, type Need, type Way } from './needs';
import { NO_KEY, rawValue, UNCLEAR } from './raw-value';

/** Values whose ways are remembered for each key. Hostile ones cannot fill the memory. */
const MAX_REMEMBERED = 4_096;
const MAX_TEXT = 128;

/** A key that is looked for, with the ways that it leads to. */
interface Lead {
  readonly key: string;
  /** What is searched for: the end of the key with its closing quotation mark. */
  readonly needle: string;
  readonly ways: readonly Way[];
  /** Ways by the text of the value. */
  readonly byText: Map<string, readonly Way[]>;
}

/**
 * Tells from the raw text of records which of them no rule can match, so that they need not be parsed. Sound for
 * every legal spelling: a record with \u anywhere or whose braces do not add up may match; keys are looked for at any
 * depth, however often they stand there; a value that is not a plain ASCII string may be anything. The opposite does
 * not hold: what may match need not.
 */
export class RawShortcut {
  /** Looks through whole blocks; undefined where this machine cannot. */
  readonly blocks: BlockScan | undefined;
  readonly #leads: readonly Lead[];
  readonly #always: readonly string[];

  private constructor(leads: readonly Lead[], alwaysParse: readonly string[]) {
    this.#leads = leads;
    this.#always = alwaysParse.map((key) => `${key}"`);
    this.blocks = BlockScan.of(
      leads.map(({ key, ways }) => ({ key, leads: ways.map(({ lead }) => lead) })),
      alwaysParse,
    );
  }

  /**
   * The shortcut for some programs and the log source of the records; undefined where a rule has to see every record,
   * because it asks for words anywhere or for what is missing.
   *
   * @param alwaysParse records with one of these keys, at any depth, are parsed whatever the rules say
   */
  static of(
    programs: readonly Program[],
    logsource: Logsource,
    alwaysParse: readonly string[] = [],
  ): RawShortcut | undefined {
    const needs = programs.flatMap(({ rules }) =>
      rules.filter((rule) => covers(rule.logsource, logsource)).map((rule) => needOf(rule.condition)),
    );
    const counts = new Map<string, number>();
    for (const need of needs) for (const key of leadsOf(need)) counts.set(key, (counts.get(key) ?? 0) + 1);
    // What most rules have in common is the one key to look for.
    const ways = needs.map((need) => waysOf(need, (key) => counts.get(key) ?? 0));
    if (ways.some((one) => one === undefined)) return undefined;
    const byKey = new Map<string, Way[]>();
    for (const way of ways.flatMap((one) => one ?? [])) {
      const known = byKey.get(way.lead.key);
      if (known === undefined) byKey.set(way.lead.key, [way]);
      else known.push(way);
    }
    const leads = [...byKey].map(([key, of]): Lead => ({ key, needle: needleOf(key), ways: of, byText: new Map() }));
    return new RawShortcut(leads, alwaysParse);
  }

  /** @param record bytes of UTF-8 as Latin-1, without white space around */
  mayMatch(record: string): boolean {
    if (!balanced(record) || record.includes('\\u') || this.#always.some((key) => record.includes(key))) return true;
    return this.#leads.some((lead) => leadsOn(lead, record));
  }
}

/**
 * What to look for to find a key: its end with the closing quotation mark. From its last capital on, since a rare
 * first letter makes the engine's search several times faster.
 */
function needleOf(key: string): string {
  const capital = key.search(/[A-Z][^A-Z]*$/);
  return `${capital < 0 || key.length - capital < 3 ? key : key.slice(capital)}"`;
}

/** An object from its first byte to its last, with as many opening as closing braces. Those in strings count too. */
function balanced(record: string): boolean {
  if (!record.startsWith('{') || !record.endsWith('}')) return false;
  let open = 0;
  for (let at = record.indexOf('{'); at >= 0; at = record.indexOf('{', at + 1)) open++;
  for (let at = record.indexOf('}'); at >= 0; at = record.indexOf('}', at + 1)) open--;
  return open === 0;
}

function leadsOn(lead: Lead, record: string): boolean {
  const { key, needle } = lead;
  for (let at = record.indexOf(needle); at >= 0; at = record.indexOf(needle, at + 1)) {
    const quote = at + needle.length - 1;
    if (needle.length <= key.length && !record.startsWith(key, quote - key.length)) continue;
    const value = rawValue(record, quote, record.length);
    if (value === NO_KEY) continue;
    const ways = value === UNCLEAR ? lead.ways : waysFor(lead, value);
    if (ways.some(({ need }) => met(need, record))) return true;
  }
  return false;
}

function met(need: Need, record: string): boolean {
  switch (need.kind) {
    case 'maybe':
      return true;
    case 'all':
      return need.of.every((one) => met(one, record));
    case 'any':
      return need.of.some((one) => met(one, record));
    case 'key': {
      const needle = `${need.key}"`;
      for (let at = record.indexOf(needle); at >= 0; at = record.indexOf(needle, at + 1)) {
        const value = rawValue(record, at + need.key.length, record.length);
        if (value === UNCLEAR || (value !== NO_KEY && need.fits(value))) return true;
      }
      return false;
    }
    default:
      return assertNever(need);
  }
}

function waysFor({ ways, byText }: Lead, value: string | boolean | null): readonly Way[] {
  const text = typeof value === 'string' ? value : `\n${String(value)}`;
  const known = byText.get(text);
  if (known !== undefined) return known;
  const found = ways.filter(({ lead }) => lead.fits(value));
  if (text.length <= MAX_TEXT) {
    if (byText.size >= MAX_REMEMBERED) byText.clear();
    byText.set(text, found);
  }
  return found;
}
