import type { Alert } from '../../../lib/model/alert';
import { entityKey, type Entity } from '../../../lib/model/entity';
import { weigh, type Weight } from '../../../lib/model/criticality';
import { newIncidentId } from '../../../lib/model/ids';
import { INCIDENT_SCHEMA_VERSION, type HandOver, type Incident } from '../../../lib/model/incident';
import { toldTogether } from '../../../lib/model/stakeholder';
import type { TimelineEntry } from '../../../lib/model/timeline';
import type { IncidentChange } from '../../shared/store/incidents';
import { ESCALATION, nextEscalation } from '../../shared/hand-over/chain';
import { planHandOvers } from './plan-hand-overs';
import { choosePlan } from './choose-plan';
import { askNew, openQuestions } from './questions';
import { rateJoined, rateSeverity } from './rate-severity';
import type { TriageContext } from './triage-context';

/** What an incident keeps in full; more is counted, and stands in the alerts themselves. */
export const MAX_KEPT = 100;
const MAX_TITLE = 200;

type NewIncident = Omit<Incident, 'timelineLength' | 'timelineHash'>;

/** A new incident from its first alert. */
export function openIncident(
  alert: Alert,
  { settings, homeAccount, ownRoles, now }: TriageContext,
): { readonly incident: NewIncident; readonly entries: TimelineEntry[] } {
  const plan = choosePlan(alert, settings.plans, settings.assets);
  const { severity, because } = rateSeverity(alert, plan, settings);
  const { groups, data } = weigh(alert, settings.assets);
  const missing = askNew([], openQuestions(alert, plan, settings.targetKinds));
  const at = now.toISOString();
  const chain = plan?.chain ?? settings.defaultChain;
  const planned = planHandOvers(alert, plan, { handOvers: {} }, { settings, homeAccount, ownRoles, now });
  const handOvers: Record<string, HandOver> = {
    [ESCALATION]: { kind: 'escalation', state: 'pending', since: at, attempt: 1 },
    ...planned.handOvers,
  };
  const incident: NewIncident = {
    schemaVersion: INCIDENT_SCHEMA_VERSION,
    id: newIncidentId(now),
    status: 'open',
    title: titleOf(alert),
    severity,
    account: alert.cloud.account.uid,
    region: alert.cloud.region,
    openedAt: at,
    firstEventAt: new Date(alert.time).toISOString(),
    lastAlertAt: at,
    alertCount: 1,
    rules: [alert.finding_info.analytic.uid],
    repeats: { [alert.finding_info.analytic.uid]: 1 },
    assets: groups,
    data,
    questions: missing.questions,
    entities: alert.unmapped.firebreak.entities.slice(0, MAX_KEPT),
    chain,
    stakeholders: plan?.stakeholders,
    handOvers,
    // Its first page tells of it: there is none to begin anew.
    leftTold: planned.told?.set.leftTold,
  };
  const answer = plan ? `response plan '${plan.name}' answers` : `no response plan covers it; chain '${chain}' is told`;
  return {
    incident,
    entries: [
      {
        stage: 'triage',
        kind: 'incident-opened',
        text: `${severity}: ${titleOf(alert)}; ${answer}`,
        by: 'triage',
        details: { severity, because, chain, plan: plan?.name ?? null, assets: groups.slice(0, 10) },
      },
      alertEntry(alert, { groups, data }),
      ...missing.entries,
      ...planned.entries,
      ...(planned.told?.entries ?? []),
    ],
  };
}

/** What one more alert changes in its incident. */
export function joinIncident(alert: Alert, incident: Incident, context: TriageContext): IncidentChange {
  const { settings } = context;
  const rule = alert.finding_info.analytic.uid;
  const plan = choosePlan(alert, settings.plans, settings.assets);
  const { severity, because } = rateJoined(alert, incident, plan, settings);
  const { groups, data } = weigh(alert, settings.assets);
  const missing = askNew(incident.questions ?? [], openQuestions(alert, plan, settings.targetKinds));
  const planned = planHandOvers(alert, plan, incident, context);
  const rises = severity !== incident.severity;
  const eventAt = new Date(alert.time).toISOString();
  const entries: TimelineEntry[] = [
    alertEntry(alert, { groups, data }),
    ...missing.entries,
    ...planned.entries,
    ...(planned.told?.entries ?? []),
  ];
  if (rises) {
    entries.push({
      stage: 'triage',
      kind: 'severity-changed',
      text: `Severity raised from ${incident.severity} to ${severity} by '${titleOf(alert)}': ${because}`,
      by: 'triage',
      details: { from: incident.severity, to: severity, because },
    });
  }
  const rules = [...new Set([...incident.rules, rule])].slice(0, MAX_KEPT);
  return {
    set: {
      severity,
      lastAlertAt: context.now.toISOString(),
      firstEventAt: eventAt < incident.firstEventAt ? eventAt : incident.firstEventAt,
      alertCount: incident.alertCount + 1,
      rules,
      ...(rules.includes(rule) && { repeats: { ...incident.repeats, [rule]: (incident.repeats?.[rule] ?? 0) + 1 } }),
      assets: [...new Set([...(incident.assets ?? []), ...groups])],
      data: [...new Set([...(incident.data ?? []), ...data])],
      questions: missing.questions,
      stakeholders: toldTogether(incident.stakeholders, plan?.stakeholders),
      entities: mergeEntities(incident.entities, alert.unmapped.firebreak.entities),
      ...planned.told?.set,
      handOvers: {
        ...incident.handOvers,
        ...planned.handOvers,
        ...planned.later,
        ...planned.told?.set.handOvers,
        ...(rises && { [ESCALATION]: nextEscalation(incident, context.now) }),
      },
      // Who answers what is worse may be somebody else.
      ...(rises && plan && { chain: plan.chain }),
    },
    // Whoever acknowledged the lesser thing, or asked for quiet, has not heard of this.
    ...((rises || planned.told) && { remove: ['acknowledgement', 'snooze'] as const }),
    entries,
  };
}

/** A title in a finding can be an attacker's: instance names stand in it. */
function titleOf(alert: Alert): string {
  return alert.finding_info.title.slice(0, MAX_TITLE);
}

function alertEntry(alert: Alert, { groups, data }: Pick<Weight, 'groups' | 'data'>): TimelineEntry {
  const { because, delivery, source, entities } = alert.unmapped.firebreak;
  return {
    stage: 'detect',
    kind: 'alert-raised',
    text: alert.message.slice(0, 500),
    by: alert.finding_info.analytic.uid,
    details: {
      alert: alert.finding_info.uid,
      title: titleOf(alert),
      level: alert.severity,
      source,
      eventAt: new Date(alert.time).toISOString(),
      receivedAt: delivery.receivedAt,
      raisedAt: new Date(alert.metadata.logged_time).toISOString(),
      via: delivery.via,
      techniques: alert.finding_info.attacks.flatMap(({ technique }) => technique?.uid ?? []).slice(0, 10),
      entities: entities
        .slice(0, 10)
        .map(({ kind, id, role, trust }) => `${role} ${kind} ${id.slice(0, 200)} (${trust})`),
      ...(groups.length > 0 && { assets: groups.slice(0, 10) }),
      ...(data.length > 0 && { data: [...data] }),
      because: because.slice(0, 8).map(({ path, op, actual }) => `${path} ${op}: ${actual.slice(0, 120)}`),
    },
  };
}

export function mergeEntities(known: readonly Entity[], more: readonly Entity[]): Entity[] {
  const merged = new Map(known.map((entity) => [`${entity.role}|${entityKey(entity)}`, entity]));
  for (const entity of more) {
    const key = `${entity.role}|${entityKey(entity)}`;
    const before = merged.get(key);
    if (!before || before.trust === 'claimed') merged.set(key, entity);
  }
  return [...merged.values()].slice(0, MAX_KEPT);
}
