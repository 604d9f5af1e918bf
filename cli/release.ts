import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionRecord, Containment } from '../lib/model/containment';
import { textAt } from '../lib/model/json';
import type { TimelineKind, TimelineRecord } from '../lib/model/timeline';
import type { Firebreak } from './ask';
import { CommandError } from './command-error';
import { readIncident } from './read-incident';

export interface ContainmentView {
  readonly containment: Containment;
  readonly actions: readonly ActionRecord[];
}

export interface ReleaseAsk {
  readonly containmentId: string;
  readonly incidentId?: string;
  readonly by: string;
  readonly reason: string;
  readonly force: boolean;
  readonly reactivateKeys: boolean;
  /** How long to wait for the end. */
  readonly seconds: number;
  /** Gets each record of the timeline about this release. */
  readonly tell: (record: TimelineRecord) => void;
}

/** How a release ended, as the store says it. */
export interface ReleaseEnd {
  readonly ok: boolean;
  readonly outcome: 'released' | 'still-held' | 'nothing-to-release' | 'refused' | 'not-restored' | 'still-running';
  readonly text: string;
  readonly incidentId: string;
  readonly containment: Containment;
  readonly actions: readonly ActionRecord[];
}

type End = Pick<ReleaseEnd, 'ok' | 'outcome' | 'text'>;

const SPOKEN: readonly TimelineKind[] = ['release-started', 'action-released', 'action-not-released', 'hold-removed'];

/**
 * Asks the deployed stack for a release and follows the incident's timeline to its end.
 *
 * @throws CommandError where the incident does not hold the containment.
 */
export async function releaseAndWait(firebreak: Firebreak, ask: ReleaseAsk): Promise<ReleaseEnd> {
  const { containmentId, seconds, tell, ...words } = ask;
  const lengths = await timelineLengths(firebreak, containmentId, ask.incidentId);
  const { incidentId } = await firebreak.respond<{ incidentId: string }>({ op: 'release', containmentId, ...words });
  const giveUp = Date.now() + seconds * 1000;
  const before = lengths.get(incidentId) ?? 0;
  let told = before;
  for (let pause = 250; ; pause = Math.min(pause * 1.3, 3000)) {
    // In this order: what a containment became is written after the record that says so.
    const view = await firebreak.query<ContainmentView>({ op: 'containment', containmentId });
    const { timeline } = await readIncident(firebreak, incidentId);
    const mine = timeline.filter((record) => record.sequence > before && isAbout(record, containmentId));
    for (const record of mine) if (record.sequence > told && SPOKEN.includes(record.kind)) tell(record);
    told = timeline.length;
    const end =
      mine.map((record) => endOf(record, view, incidentId)).findLast((one) => one !== undefined) ??
      endedBefore(view, incidentId);
    if (end) return { ...end, incidentId, ...view };
    if (Date.now() > giveUp) {
      const text = `It has not ended after ${seconds} seconds; 'firebreak incident show ${incidentId}' tells how it goes on`;
      return { ok: false, outcome: 'still-running', text, incidentId, ...view };
    }
    await sleep(pause);
  }
}

/** What was said before the request is not its answer. */
async function timelineLengths(
  firebreak: Firebreak,
  containmentId: string,
  incidentId: string | undefined,
): Promise<Map<string, number>> {
  const { containment } = await firebreak.query<ContainmentView>({ op: 'containment', containmentId });
  if (incidentId !== undefined && !containment.holds.includes(incidentId)) {
    const holders =
      containment.holds.length === 0 ? `nobody does; it is ${containment.status}` : containment.holds.join(', ');
    throw new CommandError(
      `incident '${incidentId}' does not hold containment '${containmentId}'; who does: ${holders}`,
    );
  }
  const views = await Promise.all(containment.holds.map((id) => readIncident(firebreak, id)));
  return new Map(views.map(({ incident, timeline }) => [incident.id, timeline.length]));
}

function isAbout(record: TimelineRecord, containmentId: string): boolean {
  return textAt(record.details, 'containmentId') === containmentId;
}

/** Somebody else's release ended while ours was asked for: nothing is written a second time. */
function endedBefore({ containment }: ContainmentView, incidentId: string): End | undefined {
  if (containment.status !== 'released' || containment.holds.includes(incidentId)) return undefined;
  return { ok: true, outcome: 'released', text: 'It is released' };
}

function endOf({ kind, text }: TimelineRecord, { containment }: ContainmentView, incidentId: string): End | undefined {
  if (kind === 'containment-released') return { ok: true, outcome: 'released', text };
  if (kind === 'release-refused') return { ok: false, outcome: 'refused', text };
  if (kind === 'release-failed') return { ok: false, outcome: 'not-restored', text };
  // Where it holds on, it was the last one after all: the release goes on.
  if (kind !== 'hold-removed' || containment.holds.includes(incidentId)) return undefined;
  return { ok: true, outcome: containment.holds.length > 0 ? 'still-held' : 'nothing-to-release', text };
}
