import type { Because } from '../../model/alert';
import { sha256 } from '../../model/ids';
import type { JsonObject } from '../../model/json';
import type { CompiledCorrelation, Program } from '../compiled-rules';
import { holds, measure, windowUntil } from './evaluate';
import { explainCorrelation } from './explain';
import { placer, type Placer } from './place';
import type { CorrelationState, Entry, Placed, View } from './state';

/** An event that rules matched. */
export interface Subject {
  /** The event's own id: the same by whichever way it comes. */
  readonly id: string;
  /** When it happened; milliseconds since the epoch. */
  readonly time: number;
  readonly record: JsonObject;
  /** Nothing may be contained on its word. */
  readonly distrusted?: boolean;
}

/** A correlation that holds, told on the event that completed it. */
export interface CorrelationMatch {
  readonly rule: CompiledCorrelation;
  readonly because: readonly Because[];
  /**
   * Names the alert: group and stretch of time, so that whoever sees the events, however often and in whichever
   * order, raises the same one, and a burst is one alert for each timespan and not one for each event.
   */
  readonly alertKey: string;
  /** Ids of the events that counted, by time. At most 50. */
  readonly events: readonly string[];
  /** It could not be counted to the end, and is therefore taken to hold. */
  readonly saturated: boolean;
  /** Among what counted is an event on whose word nothing may be contained. */
  readonly distrusted: boolean;
}

interface Use {
  readonly correlation: CompiledCorrelation;
  readonly position: number;
  readonly key: string;
  readonly place: Placer;
}

const MAX_EVENTS = 50;
const MAX_EVENT_ID = 100;

/** Feeds matches of rules to the correlations of a program, and those that hold to the correlations above them. */
export class Correlator {
  /** Rule or correlation id → where it is used. */
  readonly #uses = new Map<string, Use[]>();
  readonly #state: CorrelationState;

  constructor(program: Program, state: CorrelationState) {
    this.#state = state;
    for (const correlation of program.correlations ?? []) {
      correlation.rules.forEach((rule, position) => {
        const use = {
          correlation,
          position,
          key: `${correlation.id}:${position}`,
          place: placer(correlation, position),
        };
        this.#uses.set(rule, [...(this.#uses.get(rule) ?? []), use]);
      });
    }
  }

  /** False for a program without correlations, which then needs no state. */
  get isNeeded(): boolean {
    return this.#uses.size > 0;
  }

  /** Whether a match of this rule matters to any correlation. */
  uses(ruleId: string): boolean {
    return this.#uses.has(ruleId);
  }

  /**
   * Looks at one event with the rules that matched it. Gives the correlations that now hold and are not only there
   * for others. The same event may be given again: nothing is counted twice, and the same comes back.
   *
   * @throws what the state throws: the event must then be given again
   */
  async observe(subject: Subject, ruleIds: readonly string[]): Promise<CorrelationMatch[]> {
    const matches = new Map<string, CorrelationMatch>();
    for (const ruleId of ruleIds) {
      const placed = this.#placedAbove(ruleId, subject.record);
      await this.#arrive(
        ruleId,
        { time: subject.time, event: shortened(subject.id), placed, distrusted: subject.distrusted === true },
        subject,
        matches,
      );
    }
    return [...matches.values()].filter(({ rule }) => rule.silent !== true);
  }

  async #arrive(
    ruleId: string,
    arriving: Arriving,
    subject: Subject,
    matches: Map<string, CorrelationMatch>,
  ): Promise<void> {
    for (const { correlation, position, key } of this.#uses.get(ruleId) ?? []) {
      const placed = arriving.placed[key];
      if (placed === undefined) continue;
      const entry = entryOf(correlation, position, arriving, placed);
      const where = { correlation: correlation.id, group: placed.group, timespan: correlation.timespan };
      const view = await this.#state.add(where, entry);
      for (const found of holding(correlation, view, entry)) {
        const match = matchOf(correlation, placed.group, view, found, position, subject);
        matches.set(match.alertKey, matches.get(match.alertKey) ?? match);
        const { anchor, window } = found;
        await this.#arrive(
          correlation.id,
          {
            time: anchor.time,
            event: anchor.event,
            placed: anchor.above ?? {},
            distrusted: window.some((one) => one.distrusted === true),
          },
          subject,
          matches,
        );
      }
    }
  }

  /**
   * Where the event stands in every correlation above a rule, however far: a late event may complete the window of an
   * earlier one, whose record is long gone by then.
   */
  #placedAbove(ruleId: string, record: JsonObject): Record<string, Placed> {
    const placed: Record<string, Placed> = {};
    const visit = (id: string): void => {
      for (const { correlation, key, place } of this.#uses.get(id) ?? []) {
        if (Object.hasOwn(placed, key)) continue;
        const here = place(record);
        if (here !== undefined) placed[key] = here;
        visit(correlation.id);
      }
    };
    visit(ruleId);
    return placed;
  }
}

interface Arriving {
  readonly time: number;
  readonly event: string;
  readonly placed: Readonly<Record<string, Placed>>;
  readonly distrusted: boolean;
}

function entryOf(
  correlation: CompiledCorrelation,
  rule: number,
  { time, event, placed, distrusted }: Arriving,
  own: Placed,
): Entry {
  const above = Object.fromEntries(Object.entries(placed).filter(([key]) => !key.startsWith(`${correlation.id}:`)));
  return {
    id: sha256(JSON.stringify([event, rule])).slice(0, 32),
    time,
    rule,
    event,
    ...(own.values !== undefined && { values: own.values }),
    ...(distrusted && { distrusted: true as const }),
    ...(Object.keys(above).length > 0 && { above }),
  };
}

interface Holding {
  readonly anchor: Entry;
  readonly window: readonly Entry[];
  readonly measured: number | undefined;
}

/** The windows that the new entry is in and that hold: a late one may complete several that end after it. */
function holding(correlation: CompiledCorrelation, view: View, entry: Entry): Holding[] {
  const { timespan } = correlation;
  const reached = view.entries.filter(({ time }) => time >= entry.time && time <= entry.time + timespan);
  // The entry itself may be the one that was not kept.
  const anchors = reached.some(({ id }) => id === entry.id) ? reached : [entry, ...reached];
  return anchors
    .map((anchor) => {
      const window = windowUntil(view.entries, anchor, timespan);
      return { anchor, window, measured: measure(correlation, window, anchor) };
    })
    .filter(({ measured }) => view.saturated !== undefined || holds(correlation, measured));
}

function matchOf(
  correlation: CompiledCorrelation,
  group: string,
  { saturated }: View,
  { anchor, window, measured }: Holding,
  position: number,
  subject: Subject,
): CorrelationMatch {
  // One alert says that there are too many groups, not one for each that is too many.
  const about = saturated === 'groups' ? 'groups' : group;
  const stretch = Math.floor(anchor.time / correlation.timespan);
  return {
    rule: correlation,
    because: explainCorrelation(correlation, { position, record: subject.record, measured, saturated }),
    alertKey: `${correlation.id}:${about}:${stretch}`,
    events: [...new Set(window.map(({ event }) => event))].slice(-MAX_EVENTS),
    saturated: saturated !== undefined,
    distrusted: window.some(({ distrusted }) => distrusted === true),
  };
}

function shortened(id: string): string {
  return id.length <= MAX_EVENT_ID ? id : `hash-${sha256(id).slice(0, 32)}`;
}
