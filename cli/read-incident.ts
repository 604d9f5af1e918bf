import type { IncidentRecords, IncidentView } from '../lambdas/triage/query/show-incident';
import type { FirstPage, IncidentPage } from '../lambdas/triage/query/show-page';
import type { Firebreak } from './ask';
import { CommandError } from './command-error';

/** What a stack says that does not know of pages yet. */
const NOT_UNDERSTOOD = 'this request is not understood';

/** Everything about an incident, however many answers of the stack that takes. */
export async function readIncident(firebreak: Firebreak, incidentId: string): Promise<IncidentView> {
  const { next, ...first } = await firstPage(firebreak, incidentId);
  const timeline = [...first.timeline];
  const merged = new Map<string, IncidentRecords['merged'][number]>();
  join(merged, first.merged);
  for (let from = next; from !== undefined;) {
    const page: IncidentPage = await firebreak.query({ op: 'show', incidentId, from });
    timeline.push(...page.timeline);
    join(merged, page.merged);
    if (page.next === from)
      throw new CommandError(`the stack gives no more of incident '${incidentId}' than up to ${from}`);
    from = page.next;
  }
  return { ...first, timeline, merged: [...merged.values()] };
}

async function firstPage(firebreak: Firebreak, incidentId: string): Promise<FirstPage> {
  try {
    return await firebreak.query<FirstPage>({ op: 'show', incidentId, from: 'start' });
  } catch (error) {
    if (!(error instanceof CommandError) || !error.message.startsWith(NOT_UNDERSTOOD)) throw error;
    return firebreak.query<FirstPage>({ op: 'show', incidentId });
  }
}

/** A timeline may go on in the next page. Its incident is the one that was read before it: it knows no fewer records. */
function join(known: Map<string, IncidentRecords['merged'][number]>, more: IncidentRecords['merged']): void {
  for (const one of more) {
    const before = known.get(one.incident.id);
    known.set(one.incident.id, before ? { ...before, timeline: [...before.timeline, ...one.timeline] } : one);
  }
}
