import type { TimelineRecord } from './timeline';

/** The head of a timeline, written down in the locked vault when it was new. */
export interface TimelineAnchor {
  readonly schemaVersion: 1;
  readonly incidentId: string;
  readonly length: number;
  readonly hash: string;
  /** When the record was written whose hash this is; ISO 8601, UTC. */
  readonly at: string;
}

export function anchorOf(record: TimelineRecord): TimelineAnchor {
  return {
    schemaVersion: 1,
    incidentId: record.incidentId,
    length: record.sequence,
    hash: record.hash,
    at: record.at,
  };
}

/** Below `anchors/`: sorts by sequence number. */
export function anchorKey(incidentId: string, sequence: number): string {
  return `anchors/${incidentId}/${String(sequence).padStart(8, '0')}.json`;
}
