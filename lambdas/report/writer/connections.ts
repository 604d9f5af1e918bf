import type { Incident } from '../../../lib/model/incident';
import { textAt } from '../../../lib/model/json';
import type { TimelineRecord } from '../../../lib/model/timeline';
import { neutralText } from '../../shared/neutral-text';
import { recordName } from '../all-records';
import type { ReportedEntity, ReportedLink } from './report';

/** How many records a statement names: the first ones are enough to find it. */
const MAX_RECORDS = 5;
/** Triage shortens ids in a record to this. */
const ID_IN_A_RECORD = 200;

/** Who and what an incident is about, each with the records that name it. */
export function reportEntities(incident: Incident, timeline: readonly TimelineRecord[]): ReportedEntity[] {
  const opened = timeline.filter(({ kind }) => kind === 'incident-opened');
  // Of each record once, and not for each entity.
  const names = timeline.map((record) => ({ record, named: namesOf(record) })).filter(({ named }) => named.size > 0);
  return incident.entities.map(({ kind, id, role, trust, account, region }) => {
    const name = nameOf(role, kind, id);
    const naming = names.filter(({ named }) => named.has(name)).map(({ record }) => record);
    // What a person named when opening it stands in no alert.
    const records = (naming.length > 0 ? naming : opened).slice(0, MAX_RECORDS);
    return {
      kind,
      id: neutralText(id, 300),
      role,
      trust,
      where: neutralText(`${account}/${region}`, 60),
      records: records.map((record) => recordName(record, incident.id)),
    };
  });
}

/** An alert ties who acted to what was acted upon. */
export function reportLinks(incident: Incident, timeline: readonly TimelineRecord[]): ReportedLink[] {
  const links = new Map<string, { actor: number; target: number; rules: Set<string>; records: string[] }>();
  for (const record of timeline) {
    const named = namesOf(record);
    if (named.size === 0) continue;
    const places = incident.entities.flatMap(({ role, kind, id }, place) =>
      named.has(nameOf(role, kind, id)) ? [{ role, place }] : [],
    );
    const rule = neutralText(textAt(record.details, 'title') ?? record.by, 200);
    for (const { place: actor } of places.filter(({ role }) => role === 'actor')) {
      for (const { place: target } of places.filter(({ role }) => role === 'target')) {
        const key = `${actor}|${target}`;
        const link = links.get(key) ?? { actor, target, rules: new Set(), records: [] };
        link.rules.add(rule);
        if (link.records.length < MAX_RECORDS) link.records.push(recordName(record, incident.id));
        links.set(key, link);
      }
    }
  }
  return [...links.values()].map(({ rules, ...link }) => ({ ...link, rules: [...rules] }));
}

function nameOf(role: string, kind: string, id: string): string {
  return `${role} ${kind} ${id.slice(0, ID_IN_A_RECORD)}`;
}

/** As triage writes them into an alert's record: `actor user arn:… (attested)`. */
function namesOf({ kind, details }: TimelineRecord): ReadonlySet<string> {
  const entities = kind === 'alert-raised' ? details?.['entities'] : undefined;
  if (!Array.isArray(entities)) return new Set();
  return new Set(entities.flatMap((text) => (typeof text === 'string' ? [text.replace(/ \([a-z]+\)$/, '')] : [])));
}
