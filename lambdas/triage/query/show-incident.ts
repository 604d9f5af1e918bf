import type { Alert } from '../../../lib/model/alert';
import type { ActionRecord, Containment } from '../../../lib/model/containment';
import { containmentId } from '../../../lib/model/ids';
import type { Incident } from '../../../lib/model/incident';
import type { TimelineRecord } from '../../../lib/model/timeline';
import { readActions, readContainments } from '../../shared/store/containments';
import { getIncident } from '../../shared/store/incidents';
import { alertPlaces, readNewestAlerts, type AlertPlace } from '../../shared/store/newest-alerts';
import { readTimeline } from '../../shared/store/timelines';
import type { Table } from '../../shared/store/table';

/** What is known of an incident besides its timelines. */
export interface IncidentFacts {
  /** What is rehearsed; absent where everything is real. */
  readonly exercise?: string;
  readonly incident: Incident;
  /** Those that say most: the first of each rule and the newest, in order of time. */
  readonly alerts: readonly Alert[];
  /** How many there are besides `alerts`, each with its record on the timeline; absent where there are none. */
  readonly alertsLeftOut?: number;
  readonly containments: readonly { readonly containment: Containment; readonly actions: readonly ActionRecord[] }[];
}

/** Records of an incident, and of those that were merged into it: each has a timeline of its own, which goes on where its runs do. */
export interface IncidentRecords {
  readonly timeline: readonly TimelineRecord[];
  readonly merged: readonly { readonly incident: Incident; readonly timeline: readonly TimelineRecord[] }[];
}

/** Everything that the store knows about one incident, and what the deployment says of itself. */
export type IncidentView = IncidentFacts & IncidentRecords;

/** All of it at once, for whoever has the memory: some kilobytes a record. What a Lambda may answer is less. */
export async function showIncident(table: Table, id: string, exercise?: string): Promise<IncidentView | undefined> {
  const incident = await getIncident(table, id);
  if (!incident) return undefined;
  const [timeline, merged] = await Promise.all([
    readTimeline(table, id),
    Promise.all((incident.mergedFrom ?? []).map((member) => readMerged(table, member))),
  ]);
  const known = merged.filter((member) => member !== undefined);
  const places = [timeline, ...known.map((one) => one.timeline)].flatMap(alertPlaces);
  return { ...(await readFacts(table, incident, places, exercise)), timeline, merged: known };
}

/** @param places of all alerts of the incident and of those that were merged into it. */
export async function readFacts(
  table: Table,
  incident: Incident,
  places: readonly AlertPlace[],
  exercise?: string,
): Promise<IncidentFacts> {
  const ids = Object.values(incident.handOvers).flatMap(({ containment }) =>
    containment ? [containmentId(containment.planned.runbook, containment.target)] : [],
  );
  const [alerts, containments] = await Promise.all([readNewestAlerts(table, places), readContainments(table, ids)]);
  const left = places.length - alerts.length;
  return {
    ...(exercise !== undefined && { exercise }),
    incident,
    alerts,
    ...(left > 0 && { alertsLeftOut: left }),
    containments: await Promise.all(
      containments.map(async (containment) => ({
        containment,
        actions: await readActions(table, containment.id, containment.generation),
      })),
    ),
  };
}

async function readMerged(table: Table, id: string): Promise<IncidentRecords['merged'][number] | undefined> {
  const [incident, timeline] = await Promise.all([getIncident(table, id), readTimeline(table, id)]);
  return incident && { incident, timeline };
}
