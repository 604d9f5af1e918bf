import type { Incident } from '../../lib/model/incident';
import type { TimelineKind, TimelineRecord } from '../../lib/model/timeline';
import { timings, type Timings } from './timings';

/** Times of an incident that are counted; all from detection but the first. */
export const COUNTED = [
  'detect_ms',
  'acknowledge_ms',
  'contain_ms',
  'recover_ms',
] as const satisfies readonly (keyof Timings)[];
export type Counted = (typeof COUNTED)[number];

/** One kind of time over many incidents, in milliseconds; null where no incident has it. */
export interface Distribution {
  /** How many incidents it is made of. */
  readonly count: number;
  readonly mean: number | null;
  readonly median: number | null;
  /** Nine of ten were this fast, or faster. */
  readonly p90: number | null;
  /** Left out: where it has not happened, or cannot be known. */
  readonly missing: number;
  /** Left out: where two clocks disagree. */
  readonly negative: number;
}

export interface RuleCount {
  readonly rule: string;
  readonly alerts: number;
  /** Incidents with alerts of this rule that people closed as false positives. */
  readonly falsePositives: number;
  readonly incidents: number;
}

/** What one incident adds. */
export interface Sample {
  readonly incident: Incident;
  readonly timings: Pick<Timings, Counted>;
  /** Containments that failed, did not hold, or were refused, each once. */
  readonly failed: readonly { readonly containment: string; readonly kind: TimelineKind }[];
}

export interface Statistics {
  readonly incidents: number;
  readonly open: number;
  /** Not counted by themselves: their alerts are those of the incident that goes on for them. */
  readonly merged: number;
  readonly falsePositives: number;
  readonly times: Readonly<Record<Counted, Distribution>>;
  readonly rules: readonly RuleCount[];
  readonly failedContainments: { readonly failed: number; readonly notHeld: number; readonly refused: number };
}

const FAILED: readonly TimelineKind[] = ['containment-failed', 'containment-not-held', 'containment-refused'];

/** @param timeline of the incident and of those merged into it, in order of time. */
export function sampleOf(incident: Incident, timeline: readonly TimelineRecord[]): Sample {
  const seen = new Set<string>();
  const failed = timeline.flatMap(({ kind, details }) => {
    const containment = details?.['containmentId'];
    if (!FAILED.includes(kind) || typeof containment !== 'string') return [];
    const key = `${kind} ${containment}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ containment, kind }];
  });
  const { detect_ms, acknowledge_ms, contain_ms, recover_ms } = timings(incident, timeline);
  return { incident, timings: { detect_ms, acknowledge_ms, contain_ms, recover_ms }, failed };
}

/** Adds samples up. Incidents that were merged into others count by those. */
export function statistics(samples: readonly Sample[]): Statistics {
  const counted = samples.filter(({ incident }) => incident.status !== 'merged');
  const failed = counted.flatMap((sample) => sample.failed);
  const times = COUNTED.map((name) => [name, distribution(counted.map((sample) => sample.timings[name]))] as const);
  return {
    incidents: counted.length,
    open: counted.filter(({ incident }) => incident.status === 'open').length,
    merged: samples.length - counted.length,
    falsePositives: counted.filter(({ incident }) => incident.falsePositive === true).length,
    times: Object.fromEntries(times) as Statistics['times'],
    rules: countRules(counted.map(({ incident }) => incident)),
    failedContainments: {
      failed: failed.filter(({ kind }) => kind === 'containment-failed').length,
      notHeld: failed.filter(({ kind }) => kind === 'containment-not-held').length,
      refused: failed.filter(({ kind }) => kind === 'containment-refused').length,
    },
  };
}

/** Mean, median and p90 of what is there; nulls and negatives are counted apart, never as zero. */
export function distribution(values: readonly (number | null)[]): Distribution {
  const known = values.filter((value) => value !== null);
  const good = known.filter((value) => value >= 0).sort((a, b) => a - b);
  const middle = Math.floor(good.length / 2);
  const [low, high] = [good[good.length % 2 === 0 ? middle - 1 : middle], good[middle]];
  return {
    count: good.length,
    mean: good.length === 0 ? null : Math.round(good.reduce((sum, value) => sum + value, 0) / good.length),
    median: low === undefined || high === undefined ? null : (low + high) / 2,
    // Nearest rank: a time that one incident really took.
    p90: good[Math.ceil(good.length * 0.9) - 1] ?? null,
    missing: values.length - known.length,
    negative: known.length - good.length,
  };
}

function countRules(incidents: readonly Incident[]): RuleCount[] {
  const rules = new Map<string, { alerts: number; falsePositives: number; incidents: number }>();
  for (const { rules: ids, repeats, falsePositive } of incidents) {
    for (const id of ids) {
      const rule = rules.get(id) ?? { alerts: 0, falsePositives: 0, incidents: 0 };
      rule.alerts += repeats?.[id] ?? 1;
      rule.incidents += 1;
      if (falsePositive === true) rule.falsePositives += 1;
      rules.set(id, rule);
    }
  }
  return [...rules]
    .map(([rule, counts]) => ({ rule, ...counts }))
    .sort((a, b) => b.alerts - a.alerts || a.rule.localeCompare(b.rule));
}
