import type { EventBridgeEvent } from 'aws-lambda';
import { changeIncident, getIncident } from '../../shared/store/incidents';
import { incidentTable } from '../../shared/store/table';
import { putDraft, putLocked } from '../../shared/vault';
import { showIncident } from '../../triage/query/show-incident';
import { readAnchors } from '../read-anchors';
import { keepDraft, type ReportEffects, writeFinal } from './keep-reports';
import { draftLength } from './read-draft';

const effects: ReportEffects = {
  readView: (id) => showIncident(incidentTable(), id),
  readHead: async (id) => (await getIncident(incidentTable(), id))?.timelineLength,
  readAnchors,
  draftLength,
  putDraft,
  putLocked,
  appendAt: async (id, length, entry) => {
    const { records } = await changeIncident(incidentTable(), id, (incident) =>
      incident.timelineLength === length ? { entries: [entry] } : undefined,
    );
    return records.length > 0;
  },
  now: () => new Date(),
};

/** The events of the publisher; only the id is taken from them, everything else from the store. */
export async function handler(event: EventBridgeEvent<string, { readonly incidentId?: unknown }>): Promise<void> {
  const { incidentId } = event.detail;
  if (typeof incidentId !== 'string') throw new Error(`event '${event.id}' on the bus names no incident`);
  const final = event['detail-type'] === 'Incident Closed' ? await writeFinal(incidentId, effects) : undefined;
  // After the final one, so that the draft of a closed incident tells of it.
  const draft = await keepDraft(incidentId, effects);
  console.log({ message: 'report', incidentId, draft, ...(final && { final }) });
}
