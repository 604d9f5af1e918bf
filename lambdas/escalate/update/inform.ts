import type { Incident } from '../../../lib/model/incident';
import { isTold, type Stakeholder } from '../../../lib/model/stakeholder';
import type { TimelineEntry } from '../../../lib/model/timeline';
import { errorText } from '../../shared/aws-error';
import { neutralText } from '../../shared/neutral-text';
import { changeIncident, getIncident } from '../../shared/store/incidents';
import { readTimeline, readTimelineAfter } from '../../shared/store/timelines';
import type { Table } from '../../shared/store/table';
import { claimUpdate, leaveUpdate, settleUpdate, type UpdateMark } from '../../shared/store/updates';
import { readBriefing } from '../page/briefing';
import type { sendUpdate } from '../send/send';
import { incidentUpdate, updateContent, type UpdateContent } from './content';
import { updateMessage } from './update-message';
import { looksBack, updateLines, type UpdateLine } from './update-lines';

/** What telling works with. */
export interface InformTools {
  readonly table: Table;
  readonly stakeholders: readonly Stakeholder[];
  /** What the deployment says that it rehearses. */
  readonly exercise?: string;
  /** Tells runs apart. */
  readonly run: string;
  readonly now: () => Date;
  readonly send: typeof sendUpdate;
}

/** News of one incident that a stakeholder has not heard. */
interface News {
  readonly incident: Incident;
  readonly mark: UpdateMark;
  readonly lines: readonly UpdateLine[];
  /** Up to here everything was looked at. */
  readonly upTo: number;
}

/** Incidents read and written at once. */
const AT_ONCE = 20;

/**
 * Tells each stakeholder what is new about these incidents, in one message. What is told is taken from the timelines
 * and not from the events that called: an event that was lost is told with the next one, and one that comes twice is
 * no news any more. After a crash between sending and recording, an update comes again, under the same id.
 *
 * @returns incidents of which somebody could not be told yet, with why; the next call tries again.
 */
export async function inform(tools: InformTools, incidentIds: readonly string[]): Promise<Map<string, string>> {
  const untold = new Map<string, string>();
  for (const stakeholder of tools.stakeholders) {
    const news = await inChunks(incidentIds, async (id) => {
      try {
        return await newsOf(tools, stakeholder, id);
      } catch (error) {
        untold.set(id, errorText(error));
        return undefined;
      }
    });
    const fresh = news.flatMap((one, index) => {
      if (one === 'busy') untold.set(incidentIds[index] ?? '', 'another run is telling it');
      return one === undefined || one === 'busy' ? [] : [one];
    });
    if (fresh.length > 0) await tell(tools, stakeholder, fresh, untold);
  }
  return untold;
}

async function newsOf(
  { table, run, now }: InformTools,
  stakeholder: Stakeholder,
  incidentId: string,
): Promise<News | 'busy' | undefined> {
  const incident = await getIncident(table, incidentId);
  if (!incident || !isTold(stakeholder, incident)) return undefined;
  const mark = await claimUpdate(table, incidentId, stakeholder.name, run, now());
  if (!mark) return 'busy';
  const records = await readTimelineAfter(table, incidentId, mark.upTo);
  const before = looksBack(records) ? await readTimeline(table, incidentId) : [];
  const upTo = records.at(-1)?.sequence ?? mark.upTo;
  const lines = updateLines(
    records,
    stakeholder,
    mark.told,
    before.filter(({ sequence }) => sequence <= mark.upTo),
  );
  if (lines.length > 0) return { incident, mark, lines, upTo };
  await leaveUpdate(table, incidentId, stakeholder.name, run, { ...mark, upTo });
  return undefined;
}

async function tell(
  tools: InformTools,
  stakeholder: Stakeholder,
  news: readonly News[],
  untold: Map<string, string>,
): Promise<void> {
  const updates = await inChunks(news, async ({ incident, lines }) =>
    incidentUpdate(await readBriefing(tools.table, incident), lines),
  );
  const content = updateContent(stakeholder, updates, tools.now(), tools.exercise);
  const sent = await trySending(tools, stakeholder, content);
  await inChunks(news, async (one) => {
    const { id } = one.incident;
    try {
      await record(tools, stakeholder, one, content, sent);
      if (sent.why !== undefined) untold.set(id, sent.why);
    } catch (error) {
      // Told, and not recorded: it is told once more when the claim has run out.
      untold.set(id, errorText(error));
    }
  });
}

interface Sent {
  /** The channel that took it, or all that did not. */
  readonly to: string;
  /** Why none took it. */
  readonly why?: string;
}

/** Channels in their order; the next one only where one did not take it. */
async function trySending(
  { send, now }: InformTools,
  { channels }: Stakeholder,
  content: UpdateContent,
): Promise<Sent> {
  const message = updateMessage(content);
  const problems: string[] = [];
  for (const channel of channels) {
    try {
      await send(channel, message, now());
      return { to: channel.label };
    } catch (error) {
      problems.push(`${channel.label}: ${neutralText(errorText(error), 200)}`);
    }
  }
  return { to: channels.map(({ label }) => label).join(', '), why: problems.join('; ').slice(0, 500) };
}

/** What failed is recorded once for each piece of news, however often it is tried. */
async function record(
  { table, run, now }: InformTools,
  { name }: Stakeholder,
  { incident, mark, lines, upTo }: News,
  content: UpdateContent,
  { to, why }: Sent,
): Promise<void> {
  const first = lines[0]?.sequence ?? mark.upTo;
  const next = why === undefined ? { upTo, told: true } : { ...mark, failedFrom: first };
  if (why !== undefined && mark.failedFrom === first) {
    await leaveUpdate(table, incident.id, name, run, next);
    return;
  }
  const shown = content.incidents.some(({ incidentId }) => incidentId === incident.id);
  const what = shown ? [...new Set(lines.map(({ event }) => event))].join(', ') : 'that there is news, and no more';
  const entry: TimelineEntry = {
    stage: 'escalate',
    by: 'stakeholder updates',
    kind: why === undefined ? 'update-sent' : 'update-failed',
    text: why === undefined ? `Told '${name}' (${to}): ${what}` : `Could not tell '${name}' (${what}): ${why}`,
    details: {
      stakeholder: name,
      updateId: content.updateId,
      records: lines.slice(-50).map(({ sequence }) => sequence),
      ...(why !== undefined && { reason: why }),
    },
  };
  const also = [settleUpdate(table, incident.id, name, run, next)];
  await changeIncident(table, incident.id, () => ({ entries: [entry], also }), now);
}

async function inChunks<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(work))));
  }
  return results;
}
