import type { TimelineEntry, TimelineRecord } from '../../../lib/model/timeline';
import type { TimelineAnchor } from '../../../lib/model/timeline-anchor';
import type { VaultInput, VaultObject } from '../../shared/vault';
import type { MergedTimeline } from '../all-records';
import { buildReport, type ReportInput } from './build-report';
import { renderHtml } from './render-html';
import { renderMarkdown } from './render-markdown';
import type { Report } from './report';

/** After this many moves of the timeline under our hands the whole invocation is tried again, later. */
const ROUNDS = 5;
/** A draft is held against the newest anchors only; a final report against all. */
const ANCHORS_OF_A_DRAFT = 5;

/** What the store says of an incident; what the vault says is read besides. */
type View = Pick<ReportInput, 'exercise' | 'incident' | 'timeline' | 'alerts' | 'containments'> & {
  readonly merged: readonly MergedTimeline[];
};

/** What writing reports does outside of itself. */
export interface ReportEffects {
  readonly readView: (incidentId: string) => Promise<View | undefined>;
  readonly readSuppressed: () => Promise<ReportInput['suppressed']>;
  readonly readAnchors: (incidentId: string, newest?: number) => Promise<readonly TimelineAnchor[]>;
  /** How many records there are now, of this incident and those merged into it; undefined where there is no such incident. */
  readonly readLength: (incidentId: string) => Promise<number | undefined>;
  /** How many records the draft in the vault was written from; 0 without one. */
  readonly draftLength: (incidentId: string) => Promise<number>;
  readonly putDraft: (object: VaultInput) => Promise<VaultObject>;
  readonly putLocked: (object: VaultInput) => Promise<VaultObject>;
  /** Appends only while the timeline has this length; false where it moved. */
  readonly appendAt: (incidentId: string, length: number, entry: TimelineEntry) => Promise<boolean>;
  readonly now: () => Date;
}

/**
 * Writes the live draft from the newest state of the store. Of a burst of events the first writes, and the others
 * find it up to date. Two that write at once may finish in the wrong order: each looks at the timeline after its
 * write, and writes again where that has moved, so whichever writes last has written the newest.
 *
 * @throws Error where the timeline keeps moving; the invocation is then tried again.
 */
export async function keepDraft(
  incidentId: string,
  effects: ReportEffects,
): Promise<'written' | 'up to date' | 'no incident'> {
  let wrote = false;
  for (let round = 0; round < ROUNDS; round++) {
    const length = await effects.readLength(incidentId);
    if (length === undefined) return 'no incident';
    if (!wrote && (await effects.draftLength(incidentId)) >= length) return 'up to date';
    const view = await effects.readView(incidentId);
    if (!view) return 'no incident';
    const anchored = await withAnchors(view, effects, ANCHORS_OF_A_DRAFT);
    const report = buildReport({ ...anchored, now: effects.now(), final: false });
    for (const object of objectsOf(report, `drafts/${incidentId}`)) await effects.putDraft(object);
    wrote = true;
    if ((await effects.readLength(incidentId)) === report.records) return 'written';
  }
  throw new Error(`the timeline of incident '${incidentId}' moved ${ROUNDS} times while its draft was being written`);
}

/**
 * Writes the final report of a closed incident, locked, once a closing: the timeline then says where it lies. Run
 * twice at once, two versions may lie in the vault, and the timeline names the one that counts.
 *
 * @throws Error where the timeline keeps moving; the invocation is then tried again.
 */
export async function writeFinal(
  incidentId: string,
  effects: ReportEffects,
): Promise<'written' | 'written before' | 'not closed'> {
  for (let round = 0; round < ROUNDS; round++) {
    const view = await effects.readView(incidentId);
    if (view?.incident.status !== 'closed') return 'not closed';
    if (hasFinal(view.timeline)) return 'written before';
    const report = buildReport({ ...(await withAnchors(view, effects)), now: effects.now(), final: true });
    const objects: VaultObject[] = [];
    for (const object of objectsOf(report, `reports/${incidentId}`)) objects.push(await effects.putLocked(object));
    if (await effects.appendAt(incidentId, view.timeline.length, writtenEntry(objects))) return 'written';
  }
  throw new Error(
    `the timeline of incident '${incidentId}' moved ${ROUNDS} times while its final report was being written`,
  );
}

/** Each timeline is held against the anchors of its own. */
async function withAnchors(view: View, effects: ReportEffects, newest?: number) {
  const read = (id: string) => effects.readAnchors(id, newest);
  const [anchors, suppressed, merged] = await Promise.all([
    read(view.incident.id),
    effects.readSuppressed(),
    Promise.all(view.merged.map(async (one) => ({ ...one, anchors: await read(one.incident.id) }))),
  ]);
  return { ...view, anchors, suppressed, merged };
}

function hasFinal(timeline: readonly TimelineRecord[]): boolean {
  const closed = timeline.findLastIndex(({ kind }) => kind === 'incident-closed');
  return timeline.slice(closed + 1).some(({ kind }) => kind === 'report-written');
}

/** JSON comes last: it tells how far the draft is, so it must not be newer than the others. */
function objectsOf(report: Report, folder: string): VaultInput[] {
  return [
    { key: `${folder}/report.html`, body: renderHtml(report), contentType: 'text/html; charset=utf-8' },
    { key: `${folder}/report.md`, body: renderMarkdown(report), contentType: 'text/markdown; charset=utf-8' },
    { key: `${folder}/report.json`, body: `${JSON.stringify(report)}\n`, contentType: 'application/json' },
  ];
}

function writtenEntry(objects: readonly VaultObject[]): TimelineEntry {
  return {
    stage: 'report',
    kind: 'report-written',
    text: 'The final report lies locked in the evidence vault',
    by: 'report writer',
    details: { objects: objects.map((object) => ({ ...object })) },
  };
}
