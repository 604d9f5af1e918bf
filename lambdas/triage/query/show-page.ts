import type { Incident } from '../../../lib/model/incident';
import { getIncident } from '../../shared/store/incidents';
import { alertPlaces, type AlertPlace } from '../../shared/store/newest-alerts';
import { readTimelinePart, timelineInParts } from '../../shared/store/timelines';
import type { Table } from '../../shared/store/table';
import { readFacts, type IncidentFacts, type IncidentRecords, type IncidentView } from './show-incident';

/** What an answer weighs: a Lambda may answer with 6 MB (Lambda quotas), of which the rest is for what is in no page. */
const ANSWER_BYTES = 4_000_000;

/** Where a reading begins; else it goes on where the answer before said, by its `next`. */
export const START = 'start';

/** Records of an incident as far as they fit into an answer. */
export interface IncidentPage extends IncidentRecords {
  /** Where the next page begins; absent where there is none. A timeline of `merged` may go on there. */
  readonly next?: string;
}

/** The first page says what is known besides. */
export type FirstPage = IncidentView & Pick<IncidentPage, 'next'>;

/**
 * An incident in pages that each fit into an answer: first what is known of it, then its records, then the timelines of
 * those that were merged into it, one after the other. Put together they are whole: nothing of a timeline is left out.
 */
export async function showPage(
  table: Table,
  id: string,
  from: string,
  exercise?: string,
): Promise<FirstPage | IncidentPage | undefined> {
  const incident = await getIncident(table, id);
  if (!incident) return undefined;
  const [member = id, sequence = '0'] = from === START ? [] : from.split('#');
  if (!familyOf(incident).includes(member)) return undefined;
  const facts = from === START ? await factsOf(table, incident, exercise) : undefined;
  const room = ANSWER_BYTES - weigh(facts);
  return { ...facts, ...(await readRecords(table, incident, { member, sequence: Number(sequence) }, room)) };
}

async function readRecords(
  table: Table,
  incident: Incident,
  from: { readonly member: string; readonly sequence: number },
  bytes: number,
): Promise<IncidentPage> {
  const family = familyOf(incident);
  let [room, sequence] = [bytes, from.sequence];
  let timeline: IncidentRecords['timeline'] = [];
  const merged: IncidentRecords['merged'][number][] = [];
  for (const member of family.slice(family.indexOf(from.member))) {
    if (room <= 0) return { timeline, merged, next: `${member}#${sequence}` };
    const head = member === incident.id ? undefined : await getIncident(table, member);
    if (head || member === incident.id) {
      room -= weigh(head);
      const part = await readTimelinePart(table, member, sequence, room);
      if (head) merged.push({ incident: head, timeline: part.records });
      else timeline = part.records;
      if (!part.ends) return { timeline, merged, next: `${member}#${part.upTo}` };
      room -= part.bytes;
    }
    sequence = 0;
  }
  return { timeline, merged };
}

/** Which alerts say most is known only when all records were seen; of each no more is kept than where its alert lies. */
async function factsOf(table: Table, incident: Incident, exercise?: string): Promise<IncidentFacts> {
  const places: AlertPlace[] = [];
  for (const member of familyOf(incident)) {
    for await (const records of timelineInParts(table, member)) places.push(...alertPlaces(records));
  }
  return readFacts(table, incident, places, exercise);
}

function familyOf({ id, mergedFrom = [] }: Incident): string[] {
  return [id, ...mergedFrom];
}

function weigh(value: object | undefined): number {
  return value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value));
}
