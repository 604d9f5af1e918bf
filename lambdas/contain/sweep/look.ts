import type { Alert } from '../../../lib/model/alert';
import { sha256 } from '../../../lib/model/ids';
import type { Containment } from '../../../lib/model/containment';
import type { Incident } from '../../../lib/model/incident';
import { appendOnce } from '../../shared/store/append-once';
import { changeIncident } from '../../shared/store/incidents';
import { beginHandOvers, MAX_AT_ONCE } from '../../shared/hand-over/begin-hand-overs';
import { tellLeft } from '../../shared/hand-over/tell-left';
import { survivorOf } from '../../shared/store/survivor';
import type { Table } from '../../shared/store/table';
import { fromEnforceableAlertsOf } from '../shared/incident-alerts';
import { attemptMark, containEntry } from '../shared/containment-timeline';
import { collect, type Limits } from './collect';
import { containFound, isActor, isHandedOver } from './contain-found';
import { findDeeds, type Found } from './find-deeds';
import { readRecord } from './read-record';
import { endEntry, foundEntries, waitingEntries, who } from './say';
import { heldBy } from './swept-incidents';
import { tellPeople } from './tell-people';
import type { Actor } from './trace';

/** More than this nobody reads; how many are not listed is said at the end. */
const MAX_LISTED = 300;
/** A record takes three findings or more, and a transaction 100 items (DynamoDB quotas). */
const MAX_OF_A_WRITE = 100;
/** Where a person opened the incident, nothing says when it began: this long before. */
const BEFORE_A_PERSON_MS = 24 * 3_600_000;
/** CloudTrail's event history goes back this far. */
const HISTORY_MS = 90 * 24 * 3_600_000;

export interface Look {
  readonly containment: Containment;
  readonly actors: readonly Actor[];
  readonly incidents: readonly Incident[];
  /** True for the last one, which says how the sweep ended. */
  readonly last: boolean;
  readonly regions: readonly string[];
  readonly deployed: readonly string[];
  readonly limits: Limits;
  readonly by: string;
}

/** What is known of one incident: its enforceable alerts, and in lists of their own those of each merged into it. */
type AlertsOf = readonly (readonly Alert[])[];

/**
 * One look at what actors did since the first event of any incident: lists what is new, and hands over what the plan has
 * contained, for which each incident has a time of its own.
 */
export async function look(table: Table, ask: Look): Promise<void> {
  const { containment, actors, incidents, by } = ask;
  const to = new Date();
  const first = Math.min(...incidents.map(beganAt));
  const from = new Date(Math.max(first, to.getTime() - HISTORY_MS));
  const known = await Promise.all(
    incidents.map(async ({ id, mergedFrom = [] }) => [id, await alertsOf(table, [id, ...mergedFrom])] as const),
  );
  const alerted = alertedRecords(known.flatMap(([, alerts]) => alerts.flat()));
  const collected = await collect(actors, alerted, { regions: ask.regions, since: from, limits: ask.limits });
  const proven = new Set(collected.proven.records.map(({ id }) => id));
  const { found, others } = findDeeds(
    collected.all.records.filter(({ at }) => Date.parse(at) >= first),
    ({ id }) => (proven.has(id) ? 'cloudtrail' : 'alert'),
  );
  const told = new Set(alerted.map(({ id }) => id));
  const news = found.filter(({ finding }) => !told.has(finding.eventId));
  for (const [id, alerts] of known) {
    const incident = await recordAll(table, id, { ...ask, alerts }, found, to);
    await tellWaysBack(table, incident, ask, news);
    if (!ask.last) continue;
    await sayLeft(table, incident, { ...ask, alerts }, found);
    const listed = found.filter(({ mark }) => incident.swept?.includes(mark)).length;
    const looked = { from, to, regions: ask.regions, collected, others, listed, unlisted: found.length - listed };
    const end = endEntry(containment, actors, looked, by);
    await appendOnce(table, incident.id, attemptMark(containment, 'sweep-end'), [end.entry]);
    const mark = attemptMark(containment, 'sweep-problem');
    if (end.problem !== undefined) await tellPeople(table, containment, incident.id, { mark, reason: end.problem, by });
  }
}

/** A look, for one of the incidents. */
type LookFor = Look & { readonly alerts: AlertsOf };

async function sayLeft(table: Table, incident: Incident, ask: LookFor, found: readonly Found[]): Promise<void> {
  const { containment, actors, by } = ask;
  const { left } = containFound(incident, containment, actors, found, ask);
  if (left === 0) return;
  const reason = `${left} further thing(s) that ${who(actors)} made are contained by nobody: a sweep hands over ${MAX_AT_ONCE} in an incident; look at them`;
  const mark = attemptMark(containment, 'sweep-left');
  await tellPeople(table, containment, incident.id, { mark, reason, by });
}

function beganAt({ firstEventAt, alertCount }: Incident): number {
  return Date.parse(firstEventAt) - (alertCount === 0 ? BEFORE_A_PERSON_MS : 0);
}

async function alertsOf(table: Table, ids: readonly string[]): Promise<AlertsOf> {
  const found = await Promise.all(ids.map((id) => fromEnforceableAlertsOf(table, id, (alert) => [alert])));
  return found.map((alerts) => alerts.sort((a, b) => a.metadata.logged_time - b.metadata.logged_time));
}

function alertedRecords(alerts: readonly Alert[]) {
  return alerts
    .filter(({ unmapped }) => unmapped.firebreak.source === 'cloudtrail')
    .flatMap(({ evidences }) => evidences.map(({ data }) => readRecord(data)))
    .filter((one) => one !== undefined);
}

/** As many at a time as a transaction takes. Where the incident is merged meanwhile, in the one that goes on for it. */
async function recordAll(
  table: Table,
  id: string,
  ask: LookFor,
  found: readonly Found[],
  now: Date,
): Promise<Incident> {
  let incident = await record(table, id, ask, found, now);
  for (let listed = -1; listed !== (incident.swept?.length ?? 0);) {
    listed = incident.swept?.length ?? 0;
    incident = await record(table, id, ask, found, now);
  }
  const going = incident.status === 'merged' ? await survivorOf(table, id) : undefined;
  return going ? recordAll(table, going.id, ask, found, now) : incident;
}

/** Lists what this incident does not list yet, and hands over, in one transaction: run again, nothing is said twice. */
async function record(table: Table, id: string, ask: LookFor, found: readonly Found[], now: Date): Promise<Incident> {
  const { containment, actors, by } = ask;
  const { incident } = await changeIncident(table, id, (current) => {
    if (current.status === 'merged') return undefined;
    const { swept = [] } = current;
    const room = Math.min(MAX_OF_A_WRITE, Math.max(0, MAX_LISTED - swept.length));
    const fresh = found.filter(({ mark }) => !swept.includes(mark)).slice(0, room);
    const { wanted } = containFound(current, containment, actors, found, ask);
    const about = { what: 'this sweep', by, now };
    const begun = beginHandOvers(wanted, current.handOvers, about);
    const told = tellLeft(current, begun, about);
    const handed = Object.values(begun.handOvers).flatMap((one) => one.containment ?? []);
    const listed = { ...current, handOvers: { ...current.handOvers, ...begun.handOvers, ...begun.later } };
    const findings = fresh.map(({ finding, contain }) => ({
      ...finding,
      ...(contain && isHandedOver(listed, { contain }) && { runbook: contain.runbook }),
    }));
    const entries = [
      ...foundEntries(containment, actors, findings, by),
      ...handed.map(({ planned, target, plan }) =>
        containEntry(
          containment,
          'note',
          `Response plan '${plan}' has it contained as well, in the mode '${planned.mode}': ${target.kind} ${target.id} by '${planned.runbook}'`,
          by,
        ),
      ),
      ...begun.entries,
      ...(told?.entries ?? []),
    ];
    // What is not listed any more can still be about a target that waits.
    const changed = entries.length > 0 ? entries : waitingEntries(containment, Object.values(begun.later), by);
    if (changed.length === 0) return undefined;
    return {
      set: {
        ...told?.set,
        swept: [...swept, ...fresh.map(({ mark }) => mark)],
        handOvers: { ...listed.handOvers, ...told?.set.handOvers },
      },
      remove: told?.remove,
      entries: changed,
    };
  });
  return incident;
}

/** A way back in that no alert told of, and that nothing contains, is news for a person. */
async function tellWaysBack(table: Table, incident: Incident, ask: Look, found: readonly Found[]): Promise<void> {
  const { containment, actors, by } = ask;
  const open = found.filter(
    (one) =>
      one.wayBack &&
      one.finding.seenIn === 'cloudtrail' &&
      !isHandedOver(incident, one) &&
      !(one.contain !== undefined && isActor(actors, one.contain.target.id)),
  );
  if (open.length === 0) return;
  const named = open.slice(0, 3).map(({ finding }) => `${finding.kind} ${finding.id.slice(0, 100)} (${finding.call})`);
  const rest = open.length > named.length ? ` and ${open.length - named.length} more` : '';
  const kept = heldBy(incident, containment)?.sweep === 'contain' ? 'no runbook contains them' : 'the plan only lists';
  const reason = `${who(actors)} left ${open.length} way(s) back in that no alert told of, and ${kept}: ${named.join(', ')}${rest}`;
  const marks = sha256(
    open
      .map(({ mark }) => mark)
      .sort()
      .join(),
  ).slice(0, 16);
  await tellPeople(table, containment, incident.id, { mark: `sweep#${containment.id}#${marks}`, reason, by });
}
