import { isUtf8 } from 'node:buffer';
import { covers } from '../matcher';
import type { Logsource, Program } from '../compiled-rules';
import { assertNever } from '../../model/assert-never';
import { leadsOf, needOf, waysOf, type Need, type Way } from './needs';
import { NO_KEY, rawValue, UNCLEAR } from './raw-value';
import { needleOf, PlainScanner, type Scanner } from './scanner';

/** Values whose ways are remembered for each key. Hostile ones cannot fill the memory. */
const MAX_REMEMBERED = 4_096;
const MAX_TEXT = 128;

/** A key that is looked for, with the ways that it leads to. */
interface Lead {
  readonly key: string;
  readonly ways: readonly Way[];
  /** Ways by the text of the value. */
  readonly byText: Map<string, readonly Way[]>;
}

export interface ShortcutOptions {
  /** Records with one of these keys, at any depth, are always parsed. @default - none */
  readonly alwaysParse?: readonly string[];
  /** @default - plain JavaScript */
  readonly scanner?: (needles: readonly string[]) => Scanner;
}

/**
 * Tells from the raw text of records which of them no rule can match, so that they need not be parsed. Sound for
 * every legal spelling: a record with \u anywhere, whose braces do not add up or whose bytes are not UTF-8 may match;
 * keys are looked for at any depth, however often they stand there; a value that is not a plain ASCII string may be
 * anything. The opposite does not hold: what may match need not.
 */
export class RawShortcut {
  readonly #leads: readonly Lead[];
  readonly #scanner: Scanner;
  readonly #unicode: number;
  readonly #always: readonly number[];
  #text = '';
  #utf8 = true;
  #block: Uint8Array = new Uint8Array();

  private constructor(leads: readonly Lead[], options: ShortcutOptions) {
    const always = options.alwaysParse ?? [];
    const needles = [...leads.map(({ key }) => needleOf(key)), ...always.map((key) => `${key}"`), '\\u'];
    this.#leads = leads;
    this.#always = always.map((_, i) => leads.length + i);
    this.#unicode = needles.length - 1;
    this.#scanner = (options.scanner ?? ((all) => new PlainScanner(all)))(needles);
  }

  /**
   * The shortcut for some programs and the log source of the records; undefined where a rule has to see every record,
   * because it asks for words anywhere or for what is missing.
   */
  static of(
    programs: readonly Program[],
    logsource: Logsource,
    options: ShortcutOptions = {},
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
    const leads = [...byKey].map(([key, of]): Lead => ({ key, ways: of, byText: new Map() }));
    return new RawShortcut(leads, options);
  }

  /** The block whose records are asked for next. Returns its text as Latin-1. */
  begin(block: Buffer): string {
    this.#block = block;
    this.#text = block.toString('latin1');
    this.#utf8 = isUtf8(block);
    this.#scanner.begin(block, this.#text);
    return this.#text;
  }

  /** Whether a rule may match the record from `start` to `end` of the block. To be asked from left to right. */
  mayMatch(start: number, end: number): boolean {
    // Each question moves its needle on, so all are asked.
    const balanced = this.#scanner.balanced(end);
    const unicode = this.#exhaust(this.#unicode, end);
    let may = !balanced || unicode || (!this.#utf8 && !isUtf8(this.#block.subarray(start, end)));
    for (const number of this.#always) may = this.#exhaust(number, end) || may;
    for (const [number, lead] of this.#leads.entries()) {
      for (let at = this.#scanner.next(number, end); at >= 0; at = this.#scanner.next(number, end)) {
        may ||= at >= start && this.#leadsOn(lead, at, start, end);
      }
    }
    return may;
  }

  #exhaust(number: number, end: number): boolean {
    let found = false;
    while (this.#scanner.next(number, end) >= 0) found = true;
    return found;
  }

  #leadsOn(lead: Lead, at: number, start: number, end: number): boolean {
    const quote = at + needleOf(lead.key).length - 1;
    if (!this.#text.startsWith(lead.key, quote - lead.key.length)) return false;
    const value = rawValue(this.#text, quote, end);
    if (value === NO_KEY) return false;
    const ways = value === UNCLEAR ? lead.ways : waysFor(lead, value);
    return ways.length > 0 && meets(ways, this.#text.slice(start, end));
  }
}

function meets(ways: readonly Way[], record: string): boolean {
  return ways.some(({ need }) => met(need, record));
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
  const text = typeof value === 'string' ? `"${value}"` : String(value);
  const known = byText.get(text);
  if (known !== undefined) return known;
  const found = ways.filter(({ lead }) => lead.fits(value));
  if (text.length <= MAX_TEXT) {
    if (byText.size >= MAX_REMEMBERED) byText.clear();
    byText.set(text, found);
  }
  return found;
}
