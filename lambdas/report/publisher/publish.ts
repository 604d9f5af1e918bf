import { anchorKey, anchorOf } from '../../../lib/model/timeline-anchor';
import type { Incident } from '../../../lib/model/incident';
import type { TimelineRecord } from '../../../lib/model/timeline';
import { publicationOf } from '../../../lib/report/published-event';
import { errorText } from '../../shared/aws-error';
import type { VaultInput } from '../../shared/vault';
import { canaryEvent, makeEvent } from './make-event';
import { type OutgoingEvent, putEvents, type SendEvents } from './put-events';
import type { StreamRecord } from './read-records';

/** What publishing does outside of itself. */
export interface PublishEffects {
  readonly readIncident: (id: string) => Promise<Incident | undefined>;
  readonly send: SendEvents;
  readonly putAnchor: (object: VaultInput) => Promise<unknown>;
  /** What the deployment says that it rehearses. */
  readonly exercise?: string;
  readonly pause?: (ms: number) => Promise<unknown>;
}

/** A timeline record and its place in the batch. */
interface Placed {
  readonly index: number;
  readonly record: TimelineRecord;
}

export interface Unpublished {
  readonly position: string;
  readonly why: string;
}

/**
 * Publishes a batch: events on the bus, heads into the vault. Doing it twice is harmless: an event carries the same
 * id again, an anchor is written once.
 *
 * @returns what could not be published, in the order of the stream.
 */
export async function publish(
  batch: readonly StreamRecord[],
  effects: PublishEffects,
): Promise<readonly Unpublished[]> {
  const failures = new Map<number, string>();
  const timeline = batch.flatMap((item, index) => (item.kind === 'timeline' ? [{ index, record: item.record }] : []));
  batch.forEach((item, index) => {
    if (item.kind === 'unreadable') failures.set(index, item.why);
  });
  const events = [...canaries(batch), ...(await outgoing(timeline, effects, failures))];
  // Anchors first: whoever hears an event finds the timeline anchored. A broken vault does not silence the bus.
  await putAnchors(timeline, effects, failures);
  const refused = await putEvents(events, effects.send, effects.pause);
  for (const [index, why] of refused) failures.set(index, `event: ${why}`);
  return [...failures]
    .sort(([a], [b]) => a - b)
    .map(([index, why]) => ({ position: batch[index]?.position ?? '', why }));
}

function canaries(batch: readonly StreamRecord[]): OutgoingEvent[] {
  return batch.flatMap((item, index) => (item.kind === 'canary' ? [{ index, event: canaryEvent(item.canary) }] : []));
}

async function putAnchors(
  timeline: readonly Placed[],
  effects: PublishEffects,
  failures: Map<number, string>,
): Promise<void> {
  const anchored = timeline.filter(({ record }) => publicationOf(record.kind).anchor);
  await Promise.all(
    anchored.map(async ({ index, record }) => {
      try {
        await effects.putAnchor(anchorObject(record));
      } catch (error) {
        failures.set(index, `anchor: ${errorText(error)}`);
      }
    }),
  );
}

async function outgoing(
  timeline: readonly Placed[],
  effects: PublishEffects,
  failures: Map<number, string>,
): Promise<OutgoingEvent[]> {
  const incidents = new Map<string, Promise<Incident | undefined>>();
  const events = timeline.map(async ({ index, record }): Promise<OutgoingEvent[]> => {
    if (publicationOf(record.kind).event === undefined) return [];
    const reading = incidents.get(record.incidentId) ?? effects.readIncident(record.incidentId);
    incidents.set(record.incidentId, reading);
    try {
      const event = makeEvent(record, await reading, effects.exercise);
      return event ? [{ index, event }] : [];
    } catch (error) {
      failures.set(index, `incident '${record.incidentId}' could not be read: ${errorText(error)}`);
      return [];
    }
  });
  return (await Promise.all(events)).flat();
}

function anchorObject(record: TimelineRecord): VaultInput {
  return {
    key: anchorKey(record.incidentId, record.sequence),
    body: `${JSON.stringify(anchorOf(record))}\n`,
    contentType: 'application/json',
  };
}
