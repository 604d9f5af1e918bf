import { chain, emptyChain } from '../../lib/model/timeline-chain';
import type { TimelineEntry, TimelineRecord } from '../../lib/model/timeline';
import {
  incidentUpdate,
  MAX_INCIDENTS,
  updateContent,
  type UpdateContent,
} from '../../lambdas/escalate/update/content';
import { updateLines } from '../../lambdas/escalate/update/update-lines';
import { UPDATE_EVENTS } from '../../lib/model/stakeholder';
import { INCIDENT_ID, sampleIncident } from './sample-page';

const NOW = new Date('2026-11-21T03:20:00.000Z');
export const EVERYTHING = { name: 'management', events: UPDATE_EVENTS };

export function recordsOf(entries: readonly Partial<TimelineEntry>[], incidentId = INCIDENT_ID): TimelineRecord[] {
  let head = emptyChain(incidentId);
  return entries.map((entry, index) => {
    const whole = { stage: 'triage', kind: 'note', text: 'text', by: 'triage', ...entry } as const;
    const record = chain(incidentId, head, whole, new Date(NOW.getTime() + index * 1000).toISOString());
    head = { length: record.sequence, hash: record.hash };
    return record;
  });
}

/** Everything that is ever told, with a text in every place into which others write; of more incidents than fit. */
export function sampleUpdate(text: string): UpdateContent {
  const target = { kind: 'user', id: text, account: text, region: text };
  const records = recordsOf([
    { kind: 'incident-opened', text, by: text, details: { severity: text } },
    { kind: 'severity-changed', text, details: { from: 'SEV3', to: 'SEV1' } },
    { kind: 'acknowledged', text, by: text },
    { kind: 'handed-over', text, by: text, details: { to: text } },
    { kind: 'containment-verified', text, details: { target } },
    { kind: 'containment-failed', text, details: { target } },
    { kind: 'approval-declined', text, by: text, details: { target } },
    { kind: 'incident-closed', text: `Closed: ${text}`, by: text },
    { kind: 'incident-merged', text, details: { mergedInto: text } },
    { kind: 'report-written', text },
  ]);
  const acknowledgement = { by: text, at: text, how: 'link' } as const;
  const incident = { ...sampleIncident({ title: text, account: text, region: text, acknowledgement }) };
  const whole = { ...incident, timelineLength: 1, timelineHash: '' };
  const containments = Array.from({ length: 8 }, () => ({
    runbook: text,
    target: { ...target, kind: 'user' as const },
    status: 'failed' as const,
    reason: text,
  }));
  const update = incidentUpdate(
    { incident: whole, containments, news: [text] },
    updateLines(records, EVERYTHING, true),
  );
  return updateContent(
    EVERYTHING,
    Array.from({ length: MAX_INCIDENTS + 5 }, () => update),
    NOW,
  );
}
