import type { Incident } from '../../lib/model/incident';
import type { TimelineAnchor } from '../../lib/model/timeline-anchor';
import type { TimelineRecord } from '../../lib/model/timeline';
import { verifyTimeline, type TimelineVerdict } from './verify-timeline';

/** An incident that was merged into another: its timeline stays its own, and goes on where its runs do. */
export interface MergedTimeline {
  readonly incident: Incident;
  readonly timeline: readonly TimelineRecord[];
}

/**
 * Records of an incident and of those that were merged into it, in order of time. The order within each timeline is
 * its own: where two clocks disagree, the sequence decides and not the clock.
 */
export function allRecords(own: readonly TimelineRecord[], merged: readonly MergedTimeline[]): TimelineRecord[] {
  if (merged.length === 0) return [...own];
  return [own, ...merged.map(({ timeline }) => timeline)]
    .flatMap((timeline, which) => {
      let latest = '';
      return timeline.map((record, place) => {
        if (record.at > latest) latest = record.at;
        return { record, at: latest, which, place };
      });
    })
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.which - b.which || a.place - b.place))
    .map(({ record }) => record);
}

/** How a record is named: by its sequence in the timeline of this incident, else by its incident too. */
export function recordName(record: Pick<TimelineRecord, 'incidentId' | 'sequence'>, incidentId: string): string {
  return record.incidentId === incidentId ? String(record.sequence) : `${record.incidentId}#${record.sequence}`;
}

/** A timeline, held against the anchors of its own incident. */
export function verifyMerged(merged: MergedTimeline, anchors: readonly TimelineAnchor[]): TimelineVerdict {
  const { incident, timeline } = merged;
  return verifyTimeline(incident.id, timeline, anchors, {
    length: incident.timelineLength,
    hash: incident.timelineHash,
  });
}
