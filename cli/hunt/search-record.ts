import { toAlert } from '../../lambdas/detect/detector/to-alert';
import { entitiesOf } from '../../lambdas/detect/detector/entities';
import { CLOUDTRAIL } from '../../lambdas/detect/detector/log-sources';
import type { Match } from '../../lib/sigma/matcher';
import { IndexedMatcher } from '../../lib/sigma/match/indexed-matcher';
import { RawShortcut } from '../../lib/sigma/raw-text/raw-shortcut';
import type { Found } from './found';
import type { Item, Job, LoadedRules } from './job';
import { planOf } from './plan-of';
import { DETAIL_TYPE, toEvent, type Read } from './to-event';

/** Looks at one record after the other. Made once for a thread. */
export class RecordSearch {
  readonly shortcut: RawShortcut | undefined;
  readonly #job: Job;
  readonly #now: RuleSide;
  readonly #before: RuleSide | undefined;

  constructor(job: Job) {
    this.#job = job;
    this.#now = new RuleSide(job.rules);
    this.#before = job.oldRules === undefined ? undefined : new RuleSide(job.oldRules);
    const programs = [job.rules.program, ...(job.oldRules === undefined ? [] : [job.oldRules.program])];
    // An EventBridge event has another log source than its neighbours, so it is always parsed.
    this.shortcut = job.strict ? undefined : RawShortcut.of(programs, CLOUDTRAIL, [DETAIL_TYPE]);
  }

  /** What is to be told about a record. Never throws for what is in it. */
  search(text: string, index: number, utf8: boolean, file: string): Item[] {
    const problem = (message: string): Item => ({ kind: 'problem', index, message });
    const items: Item[] = utf8 ? [] : [problem('not all of it is UTF-8; those bytes are looked at as U+FFFD')];
    try {
      const read = toEvent(JSON.parse(text));
      if (typeof read === 'string') return [...items, problem(read)];
      return [...items, ...this.#matches(read, index, file)];
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const what = error instanceof SyntaxError ? 'not JSON' : 'cannot be looked at, it may be nested too deep';
      return [...items, problem(`${what}: ${reason}`)];
    }
  }

  #matches(read: Read, index: number, file: string): Item[] {
    const old = this.#before;
    const now = this.#now.match(read);
    const before = old?.match(read) ?? [];
    if (now.length === 0 && before.length === 0) return [];
    const { event } = read;
    const place = { id: event.id, time: event.time, index, file };
    const found = (matches: readonly Match[], side: RuleSide, change?: Found['change']): Item[] =>
      matches
        .filter(({ rule }) => rule.silent !== true)
        .map((match) => ({
          kind: 'found',
          found: {
            ...(change !== undefined && { change }),
            rule: side.about(match),
            event: place,
            entities: entitiesOf(event),
            because: match.because,
            ...this.#plan(match, read),
          },
        }));
    const without = (some: readonly Match[], others: readonly Match[]): Match[] =>
      some.filter(({ rule }) => !others.some((other) => other.rule.id === rule.id));
    const told =
      old === undefined
        ? found(now, this.#now)
        : [...found(without(before, now), old, 'removed'), ...found(without(now, before), this.#now, 'added')];
    const ruleIds = this.#now.correlated(now);
    const oldRuleIds = old?.correlated(before) ?? [];
    if (ruleIds.length === 0 && oldRuleIds.length === 0) return told;
    return [...told, { kind: 'observed', index, event, delivery: read.delivery, ruleIds, oldRuleIds }];
  }

  #plan(match: Match, { event, delivery }: Read): Pick<Found, 'plan'> {
    const { plan } = this.#job;
    if (plan === undefined) return {};
    return { plan: planOf(toAlert(match, event, delivery, { now: new Date(0), homeAccount: plan.homeAccount }), plan) };
  }
}

/** One set of rules, made ready. */
class RuleSide {
  readonly #correlated: ReadonlySet<string>;
  readonly #matcher: IndexedMatcher;
  readonly #files: Readonly<Record<string, string>>;

  constructor({ program, files }: LoadedRules) {
    this.#matcher = new IndexedMatcher(program);
    this.#files = files;
    this.#correlated = new Set((program.correlations ?? []).flatMap(({ rules }) => rules));
  }

  match({ event, logsource }: Read): Match[] {
    return this.#matcher.match(event.record, logsource);
  }

  /** Of the rules that matched, those that correlations count. */
  correlated(matches: readonly Match[]): string[] {
    return matches.map(({ rule }) => rule.id).filter((id) => this.#correlated.has(id));
  }

  about({ rule }: Match): Found['rule'] {
    return { id: rule.id, title: rule.title, level: rule.level, file: this.#files[rule.id] ?? '' };
  }
}
