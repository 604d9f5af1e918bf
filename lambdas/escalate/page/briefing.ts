import type { Containment } from '../../../lib/model/containment';
import type { Incident } from '../../../lib/model/incident';
import type { Target } from '../../../lib/model/plan';
import type { TimelineKind, TimelineRecord } from '../../../lib/model/timeline';
import { readContainments } from '../../shared/store/containments';
import { readNewest } from '../../shared/store/timelines';
import type { Table } from '../../shared/store/table';

/** What a page says about an incident: all of it may hold what an attacker wrote. */
export interface Briefing {
  readonly incident: Incident;
  readonly containments: readonly ContainmentLine[];
  /** Sentences of the timeline that people must know, newest first. */
  readonly news: readonly string[];
}

export interface ContainmentLine {
  readonly runbook: string;
  readonly target: Target;
  readonly status: Containment['status'] | 'not-started';
  readonly reason?: string;
  readonly timesUndone?: number;
}

/** Bad news, and what was said to be told with the next page. */
const NEWS: readonly TimelineKind[] = [
  'acknowledgement-voided',
  'containment-failed',
  'containment-refused',
  'approval-timed-out',
  'containment-not-held',
  'containment-undone',
  'hand-over-failed',
  'sweep-found',
  'sweep-failed',
  'release-failed',
];
const NEWEST_RECORDS = 50;
const MAX_NEWS = 3;
const MAX_CONTAINMENTS = 20;

/** Reads what a page says. What was contained is read from the containments themselves. */
export async function readBriefing(table: Table, incident: Incident): Promise<Briefing> {
  const planned = Object.entries(incident.handOvers).flatMap(([key, { containment }]) =>
    containment ? [{ id: key.slice(key.indexOf('#') + 1), containment }] : [],
  );
  const wanted = planned.slice(0, MAX_CONTAINMENTS);
  const [found, records] = await Promise.all([
    readContainments(
      table,
      wanted.map(({ id }) => id),
    ),
    readNewest(table, incident.id, NEWEST_RECORDS),
  ]);
  const byId = new Map(found.map((containment) => [containment.id, containment]));
  const containments = wanted.map(({ id, containment }): ContainmentLine => {
    const current = byId.get(id);
    const { target } = containment;
    if (!current) return { runbook: containment.planned.runbook, target, status: 'not-started' };
    const { timesUndone = 0 } = current;
    const line = {
      runbook: current.runbook,
      target: current.target,
      status: current.status,
      ...(timesUndone > 0 && { timesUndone }),
    };
    return current.reason === undefined ? line : { ...line, reason: current.reason };
  });
  return { incident, containments, news: newsOf(records) };
}

function newsOf(records: readonly TimelineRecord[]): string[] {
  return [...records]
    .reverse()
    .filter(({ kind, stage }) => NEWS.includes(kind) || (kind === 'note' && stage === 'escalate'))
    .slice(0, MAX_NEWS)
    .map(({ text }) => text);
}
