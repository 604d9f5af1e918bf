import type { Incident } from '../../../lib/model/incident';
import { textAt } from '../../../lib/model/json';
import type { TimelineKind, TimelineRecord } from '../../../lib/model/timeline';
import { neutralText } from '../../shared/neutral-text';
import { recordName } from '../all-records';
import { kindStatus } from './kind-status';
import type { ReportedLevel } from './report';

const PAGES: readonly TimelineKind[] = ['page-sent', 'page-failed', 'page-held'];
const OUTCOMES: readonly TimelineKind[] = ['acknowledged', 'level-unanswered'];

/** The levels of the escalation, in the order in which they were reached: whom each paged, and what came of it. */
export function reportLevels(incident: Incident, timeline: readonly TimelineRecord[]): ReportedLevel[] {
  const levels = new Map<string, TimelineRecord[]>();
  for (const record of timeline) {
    const level = textAt(record.details, 'level');
    if (level === undefined || ![...PAGES, ...OUTCOMES].includes(record.kind)) continue;
    levels.set(level, [...(levels.get(level) ?? []), record]);
  }
  return [...levels].map(([name, records]) => ({
    name: neutralText(name, 60),
    pages: records
      .filter(({ kind }) => PAGES.includes(kind))
      .map((record) => ({
        at: record.at,
        to: neutralText(textAt(record.details, 'recipient') ?? record.text, 80),
        status: kindStatus(record.kind),
      })),
    outcome: outcomeOf(incident, records),
    records: records.map((record) => recordName(record, incident.id)),
  }));
}

function outcomeOf(
  { status, acknowledgement }: Incident,
  records: readonly TimelineRecord[],
): ReportedLevel['outcome'] {
  const last = records.findLast(({ kind }) => OUTCOMES.includes(kind));
  if (last?.kind === 'acknowledged') {
    return { tone: 'good', label: `${neutralText(last.by, 60)} acknowledged`, at: last.at };
  }
  if (last) return { tone: 'warn', label: 'Nobody answered in time', at: last.at };
  return acknowledgement || status !== 'open'
    ? { tone: 'calm', label: 'Paging ended' }
    : { tone: 'warn', label: 'Waiting for an answer' };
}
