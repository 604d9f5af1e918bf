import type { Alert } from '../../../lib/model/alert';
import type { ActionRecord, Containment } from '../../../lib/model/containment';
import { containmentId } from '../../../lib/model/ids';
import type { Incident } from '../../../lib/model/incident';
import type { TimelineRecord } from '../../../lib/model/timeline';
import { readActions, readContainments } from '../../shared/store/containments';
import { readAlerts } from '../../shared/store/alerts';
import { getIncident } from '../../shared/store/incidents';
import { readTimeline } from '../../shared/store/timelines';
import type { Table } from '../../shared/store/table';

/** A Lambda answers with 6 MB at most; alerts are the only part without a bound. */
const MAX_ALERTS = 100;

/** Everything that the store knows about one incident, and what the deployment says of itself. */
export interface IncidentView {
  /** What is rehearsed; absent where everything is real. */
  readonly exercise?: string;
  readonly incident: Incident;
  readonly timeline: readonly TimelineRecord[];
  /** The first 100; `incident.alertCount` says how many there are. */
  readonly alerts: readonly Alert[];
  readonly containments: readonly { readonly containment: Containment; readonly actions: readonly ActionRecord[] }[];
  /** Incidents that were merged into this one: each has a timeline of its own, which goes on where its runs do. */
  readonly merged: readonly { readonly incident: Incident; readonly timeline: readonly TimelineRecord[] }[];
}

export async function showIncident(table: Table, id: string, exercise?: string): Promise<IncidentView | undefined> {
  const incident = await getIncident(table, id);
  if (!incident) return undefined;
  const ids = Object.values(incident.handOvers).flatMap(({ containment }) =>
    containment ? [containmentId(containment.planned.runbook, containment.target)] : [],
  );
  const family = incident.mergedFrom ?? [];
  const [timeline, alerts, containments, merged] = await Promise.all([
    readTimeline(table, id),
    Promise.all([id, ...family].map((member) => readAlerts(table, member))),
    readContainments(table, ids),
    Promise.all(family.map((member) => readMerged(table, member))),
  ]);
  return {
    ...(exercise !== undefined && { exercise }),
    incident,
    timeline,
    alerts: alerts
      .flat()
      .sort((a, b) => a.metadata.logged_time - b.metadata.logged_time)
      .slice(0, MAX_ALERTS),
    merged: merged.filter((member) => member !== undefined),
    containments: await Promise.all(
      containments.map(async (containment) => ({
        containment,
        actions: await readActions(table, containment.id, containment.generation),
      })),
    ),
  };
}

async function readMerged(table: Table, id: string): Promise<IncidentView['merged'][number] | undefined> {
  const [incident, timeline] = await Promise.all([getIncident(table, id), readTimeline(table, id)]);
  return incident && { incident, timeline };
}
