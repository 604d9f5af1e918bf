import { timings } from '../lambdas/report/timings';
import type { IncidentView } from '../lambdas/triage/query/show-incident';
import type { ContainmentStatus } from '../lib/model/containment';
import type { Expectation } from './scenario';

/** What `firebreak drill --json` prints for one scenario. */
export interface DrillDocument {
  readonly scenario: string;
  readonly passed: boolean;
  readonly expectations: readonly Expectation[];
  readonly incidents: readonly DrillIncident[];
  readonly endpoint: string;
  readonly report: { readonly html: string | null; readonly markdown: string | null };
  /** What the embedded AWS cannot do, and so was not rehearsed. */
  readonly skipped: readonly string[];
  /** From the log record put to containment applied and read back, on the embedded AWS: never AWS's latency. */
  readonly measured?: Measured;
}

export interface DrillIncident {
  readonly id: string;
  readonly severity: string;
  readonly rules: readonly string[];
  readonly entities: readonly {
    readonly kind: string;
    readonly id: string;
    readonly role: string;
    readonly trust: string;
  }[];
  readonly runbooks: readonly { readonly id: string; readonly target: string; readonly status: ContainmentStatus }[];
  /** `contain`: from the alert to applied and read back. */
  readonly timings_ms: {
    readonly detect: number | null;
    readonly contain: number | null;
    readonly acknowledge: number | null;
  };
}

export interface Measured {
  readonly runs: number;
  readonly median_ms: number;
  readonly each_ms: readonly number[];
}

/** An incident as it stood when it was contained and acknowledged: before anything was released. */
export function drillIncident({ incident, timeline, containments }: IncidentView): DrillIncident {
  const times = timings(incident, timeline);
  return {
    id: incident.id,
    severity: incident.severity,
    rules: incident.rules,
    entities: incident.entities.map(({ kind, id, role, trust }) => ({ kind, id, role, trust })),
    runbooks: containments.map(({ containment }) => ({
      id: containment.runbook,
      target: containment.target.id,
      status: containment.status,
    })),
    timings_ms: { detect: times.detect_ms, contain: times.contain_ms, acknowledge: times.acknowledge_ms },
  };
}

export function measured(each: readonly number[]): Measured {
  const sorted = [...each].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle] ?? 0;
  const median = sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? 0) + high) / 2;
  return { runs: each.length, median_ms: Math.round(median), each_ms: each };
}

/** When the last of `containments` was applied and read back, less when the record was put; undefined where one was not. */
export function applied({ timeline }: IncidentView, putAt: number, containments: number): number | undefined {
  const times = timeline.filter(({ kind }) => kind === 'containment-verified').map(({ at }) => Date.parse(at));
  return times.length < containments ? undefined : Math.max(...times) - putAt;
}
