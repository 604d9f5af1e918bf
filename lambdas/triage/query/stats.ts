import { INCIDENT_STATUSES } from '../../../lib/model/incident';
import { allRecords } from '../../report/all-records';
import { sampleOf, statistics, type Sample, type Statistics } from '../../report/statistics';
import { getIncident } from '../../shared/store/incidents';
import { incidentsSince } from '../../shared/store/list-incidents';
import { readTimeline } from '../../shared/store/timelines';
import { readSuppressedCounts, type SuppressedCount } from '../../shared/store/suppressions';
import type { Table } from '../../shared/store/table';

/** A function has a minute: of more incidents the newest count, and the answer says that there are more. */
const MAX_INCIDENTS = 1000;
/** Timelines read at once. */
const AT_ONCE = 20;
/** Items of a list in an answer, which has 6 MB at most. */
const MAX_ROWS = 100;

export interface StatsAnswer extends Statistics {
  readonly days: number;
  /** ISO 8601. */
  readonly since: string;
  /** True where there were more incidents than are counted here. */
  readonly truncated: boolean;
  /** Since the first deploy, not of these days alone. */
  readonly suppressed: readonly SuppressedCount[];
}

/** How fast and how right we were, over the incidents that were opened in the last days. */
export async function readStats(table: Table, days: number, now: Date): Promise<StatsAnswer> {
  const since = new Date(now.getTime() - days * 86_400_000).toISOString();
  const lists = await Promise.all(
    INCIDENT_STATUSES.map((status) => incidentsSince(table, status, since, MAX_INCIDENTS + 1)),
  );
  const all = lists.flat().sort((a, b) => b.openedAt.localeCompare(a.openedAt));
  const counted = all.slice(0, MAX_INCIDENTS);
  const samples: Sample[] = [];
  for (let from = 0; from < counted.length; from += AT_ONCE) {
    const some = counted.slice(from, from + AT_ONCE);
    samples.push(
      ...(await Promise.all(some.map(async (incident) => sampleOf(incident, await recordsOf(table, incident))))),
    );
  }
  const stats = statistics(samples);
  const suppressed = await readSuppressedCounts(table);
  return {
    days,
    since,
    truncated: all.length > counted.length,
    ...stats,
    rules: stats.rules.slice(0, MAX_ROWS),
    suppressed: suppressed.slice(0, MAX_ROWS),
  };
}

async function recordsOf(table: Table, { id, mergedFrom = [], status }: Sample['incident']) {
  const own = await readTimeline(table, id);
  // Only counted, see statistics(): what it says is told by the incident that goes on for it.
  if (status === 'merged' || mergedFrom.length === 0) return own;
  const merged = await Promise.all(
    mergedFrom.map(async (member) => {
      const incident = await getIncident(table, member);
      return incident ? [{ incident, timeline: await readTimeline(table, member) }] : [];
    }),
  );
  return allRecords(own, merged.flat());
}
