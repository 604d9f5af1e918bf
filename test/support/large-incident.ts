import { newIncidentId } from '../../lib/model/ids';
import type { Incident } from '../../lib/model/incident';
import type { TimelineRecord } from '../../lib/model/timeline';
import { chain, emptyChain } from '../../lib/model/timeline-chain';
import { INCIDENT_ID, sampleIncident } from '../cli/sample';
import { sampleAlert } from '../samples/alert';

export const LARGE = { records: 5000, alerts: 2000, merged: 30, mergedRecords: 100, alertBytes: 50_000 } as const;

type Size = { readonly [part in keyof typeof LARGE]: number };
type Put = (item: Record<string, unknown>) => void;

const START = Date.parse('2026-11-21T03:00:00.000Z');
const at = (second: number): string => new Date(START + second * 1000).toISOString();

/** An incident that is more than a Lambda may hold or answer, with others that were merged into it. Half of its alerts are kept as text. */
export function putLargeIncident(put: Put, size: Size = LARGE): { readonly timeline: readonly TimelineRecord[] } {
  const mergedFrom = Array.from({ length: size.merged }, () => newIncidentId(new Date(START)));
  const raised = (index: number) => (index < size.alerts ? raise(put, index, size.alertBytes) : undefined);
  const timeline = putTimeline(put, INCIDENT_ID, size.records, raised);
  putIncident(put, timeline, { mergedFrom, alertCount: size.alerts });
  for (const id of mergedFrom) {
    const records = putTimeline(put, id, size.mergedRecords, () => undefined);
    putIncident(put, records, { id, status: 'merged', mergedInto: INCIDENT_ID });
  }
  return { timeline };
}

function putIncident(put: Put, timeline: readonly TimelineRecord[], more: Partial<Incident>): void {
  const head = timeline.at(-1);
  const incident = sampleIncident({ ...more, timelineLength: timeline.length, timelineHash: head?.hash ?? '' });
  put({ pk: `INCIDENT#${incident.id}`, sk: 'META', incident });
}

function putTimeline(
  put: Put,
  id: string,
  records: number,
  raised: (index: number) => TimelineRecord['details'],
): TimelineRecord[] {
  let head = emptyChain(id);
  return Array.from({ length: records }, (_, index) => {
    const details = raised(index);
    const kind = details ? 'alert-raised' : 'note';
    const text = `${kind} ${index + 1} `.padEnd(500, 'x');
    const record = chain(
      id,
      head,
      { stage: 'triage', kind, text, by: `rule-${index % 3}`, ...(details && { details }) },
      at(index),
    );
    head = { length: record.sequence, hash: record.hash };
    put({ pk: `INCIDENT#${id}`, sk: `TL#${String(record.sequence).padStart(8, '0')}`, record });
    return record;
  });
}

function raise(put: Put, index: number, bytes: number) {
  const sample = sampleAlert({ rule: `rule-${index % 3}`, event: `event-${index}`, time: new Date(at(index)) });
  const alert = { ...sample, evidences: [{ data: { filler: 'x'.repeat(bytes) } }] };
  const { uid } = alert.finding_info;
  put({
    pk: `INCIDENT#${INCIDENT_ID}`,
    sk: `ALERT#${uid}`,
    alert: index % 2 === 0 ? JSON.stringify(alert) : alert,
  });
  return {
    alert: uid,
    title: alert.finding_info.title,
    raisedAt: at(index + 1),
    entities: Array.from({ length: 10 }, (_, place) => `target bucket arn:aws:s3:::bucket-${place} (confirmed)`),
    because: Array.from({ length: 8 }, (_, place) => `field-${place} equals: ${'y'.repeat(100)}`),
  };
}
