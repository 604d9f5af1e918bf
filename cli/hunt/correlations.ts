import { correlate } from '../../lambdas/detect/detector/correlate';
import type { Alert } from '../../lib/model/alert';
import { Correlator } from '../../lib/sigma/correlation/correlator';
import { MemoryCorrelationState } from '../../lib/sigma/correlation/memory';
import type { Found } from './found';
import type { Item, Job, LoadedRules } from './job';
import { planOf } from './plan-of';

type Observed = Extract<Item, { kind: 'observed' }>;

/** Alerts that were told already; the oldest are forgotten, so that hostile events cannot fill the memory. */
const MAX_TOLD = 100_000;

/** Correlations over all files, in the order of input: done in one place, whatever the threads do. */
export class Correlations {
  readonly #job: Job;
  readonly #now: Side;
  readonly #before: Side | undefined;

  constructor(job: Job) {
    this.#job = job;
    this.#now = new Side(job.rules);
    this.#before = job.oldRules === undefined ? undefined : new Side(job.oldRules);
  }

  /** What the matches of one event complete, each alert once. */
  async observe(item: Observed, file: string): Promise<Found[]> {
    const homeAccount = this.#job.plan?.homeAccount;
    const now = await this.#now.alerts(item, item.ruleIds, homeAccount);
    const before = (await this.#before?.alerts(item, item.oldRuleIds, homeAccount)) ?? [];
    const told = (some: readonly Alert[], side: Side, change?: Found['change']): Found[] =>
      some.map((alert) => this.#found(alert, item, file, side, change));
    if (this.#before === undefined) return told(now, this.#now);
    return [...told(without(before, now), this.#before, 'removed'), ...told(without(now, before), this.#now, 'added')];
  }

  #found(alert: Alert, { event, index }: Observed, file: string, side: Side, change?: Found['change']): Found {
    const { analytic, related_events } = alert.finding_info;
    const { plan } = this.#job;
    return {
      ...(change !== undefined && { change }),
      rule: { id: analytic.uid, title: analytic.name, level: alert.severity, file: side.files[analytic.uid] ?? '' },
      event: { id: event.id, time: event.time, index, file },
      entities: alert.unmapped.firebreak.entities,
      because: alert.unmapped.firebreak.because,
      events: related_events.map(({ uid }) => uid),
      ...(plan !== undefined && { plan: planOf(alert, plan) }),
    };
  }
}

class Side {
  readonly files: Readonly<Record<string, string>>;
  readonly #correlator: Correlator;
  readonly #told = new Set<string>();

  constructor({ program, files }: LoadedRules) {
    this.files = files;
    this.#correlator = new Correlator(program, new MemoryCorrelationState());
  }

  async alerts(item: Observed, ruleIds: readonly string[], homeAccount: string | undefined): Promise<Alert[]> {
    if (ruleIds.length === 0) return [];
    const { event, delivery } = item;
    const found = await correlate([{ event, delivery, ruleIds }], this.#correlator, { now: new Date(0), homeAccount });
    return found.filter(({ finding_info: { uid } }) => {
      if (this.#told.has(uid)) return false;
      const [oldest] = this.#told;
      if (this.#told.size >= MAX_TOLD && oldest !== undefined) this.#told.delete(oldest);
      this.#told.add(uid);
      return true;
    });
  }
}

function without(some: readonly Alert[], others: readonly Alert[]): Alert[] {
  const ids = new Set(others.map(({ finding_info }) => finding_info.uid));
  return some.filter(({ finding_info }) => !ids.has(finding_info.uid));
}
