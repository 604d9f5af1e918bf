import { isJsonObject, type Json } from '../../../lib/model/json';
import type { TimelineKind, TimelineRecord } from '../../../lib/model/timeline';
import { neutralText } from '../../shared/neutral-text';
import { recordName } from '../all-records';
import type { ReportedDeed } from './report';

/** How the sweeps of an incident ended. */
export const SWEEP_ENDS: readonly TimelineKind[] = ['sweep-ended', 'sweep-failed'];

/** What sweeps found, oldest first. Records that were tampered with, or are of a later version, say what they can. */
export function reportSwept(timeline: readonly TimelineRecord[], incidentId: string): ReportedDeed[] {
  const deeds = timeline
    .filter(({ kind }) => kind === 'sweep-found')
    .flatMap((record) => {
      const findings = record.details?.['findings'];
      const name = neutralText(recordName(record, incidentId), 80);
      return Array.isArray(findings) ? findings.flatMap((finding) => deedOf(finding, name)) : [];
    });
  return deeds.sort((a, b) => a.at.localeCompare(b.at));
}

function deedOf(finding: Json, record: string): ReportedDeed[] {
  if (!isJsonObject(finding)) return [];
  const text = (field: string, length: number) => neutralText(finding[field] ?? '', length);
  const runbook = text('runbook', 64);
  return [
    {
      at: text('at', 40),
      did: text('did', 40),
      kind: text('kind', 40),
      id: text('id', 300),
      call: text('call', 100),
      by: text('by', 200),
      region: text('region', 32),
      eventId: text('eventId', 100),
      onlyInAnAlert: finding['seenIn'] === 'alert',
      ...(runbook !== '' && { runbook }),
      records: [record],
    },
  ];
}
