import type { Because } from '../../model/alert';
import { sha256 } from '../../model/ids';
import type { JsonObject } from '../../model/json';
import type { CompiledCorrelation, Program } from '../compiled-rules';
import { completedBy, Said, type Completed } from './completed';
import { explainCorrelation } from './explain';
import { inAnyOrder, inParallel } from './in-parallel';
import { placer, type Placer } from './place';
import { stretches } from './sorted';
import { byTime, type CorrelationState, type Entry, type Placed } from './state';

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
  /** Hash of what was counted together; `groups` where there are too many of them. */
  readonly group: string;
  /** Ids of the events that counted, by time. At most 50. */
  readonly events: readonly string[];
  /** It could not be counted to the end, and is therefore taken to hold. */
  readonly saturated: boolean;
  /** Among what counted is an event on whose word nothing may be contained. */
  readonly distrusted: boolean;
}

/** An event with the rules that matched it. */
export interface Matched {
  readonly subject: Subject;
  readonly ruleIds: readonly string[];
}

export interface ObserveOptions {
  /** Asked before each call of the state. @default - there is time for everything */
  readonly isOver?: () => boolean;
}

/** Not everything was looked at: what was told holds, and the events must be given again. */
export class IncompleteError extends AggregateError {
  constructor(left: number, causes: readonly unknown[]) {
    const reasons = [...new Set(causes.map(String))].slice(0, 5);
    super(causes, `${left} groups of events were not counted: ${reasons.join('; ') || 'time was over'}`);
    this.name = 'IncompleteError';
  }
}

interface Use {
  readonly correlation: CompiledCorrelation;
  readonly position: number;
  readonly key: string;
  readonly place: Placer;
}

const MAX_EVENTS = 50;
const MAX_EVENT_ID = 100;
/** Groups that are looked at at once: more than one core of a small function keeps busy. */
const AT_ONCE = 8;

/** Feeds matches of rules to the correlations of a program, and those that hold to the correlations above them. */
export class Correlator {
  /** Rule or correlation id → where it is used. */
  readonly #uses = new Map<string, Use[]>();
  /** Each after those that it refers to. */
  readonly #correlations: readonly CompiledCorrelation[];
  readonly #state: CorrelationState;

  constructor(program: Program, state: CorrelationState) {
    this.#state = state;
    this.#correlations = program.correlations ?? [];
    for (const correlation of this.#correlations) {
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
   * @throws IncompleteError where the state throws: the event must then be given again
   */
  async observe(subject: Subject, ruleIds: readonly string[]): Promise<CorrelationMatch[]> {
    const matches: CorrelationMatch[] = [];
    await this.observeAll([{ subject, ruleIds }], (match) => matches.push(match));
    return matches;
  }

  /**
   * Looks at many events together: those of one group are kept and counted at once, and the groups with most events
   * come first. What holds is told as soon as it is known, once, with the event that completed it.
   *
   * @throws IncompleteError where the state throws or time is over; what was told holds, and all events must be given
   *   again. Groups of one size come in any order, so that the next attempt gets to others.
   */
  async observeAll(
    events: readonly Matched[],
    tell: (match: CorrelationMatch, subject: Subject) => void,
    { isOver = () => false }: ObserveOptions = {},
  ): Promise<void> {
    const waiting: Waiting = new Map();
    for (const { subject, ruleIds } of events) {
      const { time, id, record, distrusted = false } = subject;
      for (const ruleId of ruleIds) {
        const placed = this.#placedAbove(ruleId, record);
        this.#arrive(waiting, ruleId, { time, event: shortened(id), placed, distrusted, subject });
      }
    }
    const told = new Set<string>();
    const causes: unknown[] = [];
    let left = 0;
    for (;;) {
      const next = this.#correlations.find(({ id }) => waiting.has(id));
      if (next === undefined) break;
      const groups = inAnyOrder([...(waiting.get(next.id) ?? [])]).sort(([, a], [, b]) => b.size - a.size);
      waiting.delete(next.id);
      await inParallel(groups, AT_ONCE, async ([group, arrived]) => {
        try {
          for await (const { match, subject, arriving } of this.#lookAt(next, group, [...arrived.values()], isOver)) {
            if (next.silent !== true && !told.has(match.alertKey)) tell(match, subject);
            told.add(match.alertKey);
            this.#arrive(waiting, next.id, arriving);
          }
        } catch (error) {
          left++;
          if (!(error instanceof OverError)) causes.push(error);
        }
      });
    }
    if (left > 0) throw new IncompleteError(left, causes);
  }

  /** What comes of one group: its events in stretches of one timespan, since a state looks no further at once. */
  async *#lookAt(
    correlation: CompiledCorrelation,
    group: string,
    arrived: readonly Arrived[],
    isOver: () => boolean,
  ): AsyncGenerator<{ match: CorrelationMatch; subject: Subject; arriving: Arriving }> {
    const { id, timespan } = correlation;
    const byEntry = new Map(arrived.map((one) => [one.entry.id, one]));
    const said = new Said(timespan, this.uses(id));
    for (const entries of stretches([...byEntry.values()].map(({ entry }) => entry).sort(byTime), timespan)) {
      if (isOver()) throw new OverError();
      const view = await this.#state.add({ correlation: id, group, timespan }, entries);
      for (const completed of completedBy(correlation, view, entries, said)) {
        const by = byEntry.get(completed.entry.id);
        if (by === undefined) continue;
        const { anchor, window } = completed;
        const { subject, position } = by;
        const distrusted = window.some((one) => one.distrusted === true);
        const arriving = { time: anchor.time, event: anchor.event, placed: anchor.above ?? {}, distrusted, subject };
        yield { match: matchOf(correlation, group, completed, position, subject), subject, arriving };
      }
    }
  }

  #arrive(waiting: Waiting, ruleId: string, arriving: Arriving): void {
    for (const { correlation, position, key } of this.#uses.get(ruleId) ?? []) {
      const placed = arriving.placed[key];
      if (placed === undefined) continue;
      const groups = waiting.get(correlation.id) ?? new Map<string, Map<string, Arrived>>();
      waiting.set(correlation.id, groups);
      const arrived = groups.get(placed.group) ?? new Map<string, Arrived>();
      groups.set(placed.group, arrived);
      const entry = entryOf(correlation, position, arriving, placed);
      // One delivery may hold an event twice. Where one of them is distrusted, it is.
      if (!arrived.has(entry.id) || entry.distrusted) {
        arrived.set(entry.id, { entry, position, subject: arrived.get(entry.id)?.subject ?? arriving.subject });
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
  /** The event that told of it, of which people read. */
  readonly subject: Subject;
}

/** An entry, and where it comes from. */
interface Arrived {
  readonly entry: Entry;
  readonly position: number;
  readonly subject: Subject;
}

/** Correlation id → group → entry id → what waits to be counted. */
type Waiting = Map<string, Map<string, Map<string, Arrived>>>;

class OverError extends Error {}

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

function matchOf(
  correlation: CompiledCorrelation,
  group: string,
  { anchor, window, measured, saturated }: Completed,
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
    group: about,
    events: [...new Set(window.map(({ event }) => event))].slice(-MAX_EVENTS),
    saturated: saturated !== undefined,
    distrusted: window.some(({ distrusted }) => distrusted === true),
  };
}

function shortened(id: string): string {
  return id.length <= MAX_EVENT_ID ? id : `hash-${sha256(id).slice(0, 32)}`;
}
