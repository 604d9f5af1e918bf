import type { SQSBatchItemFailure, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { errorText } from '../../shared/aws-error';
import { deployedExercise } from '../../shared/exercise';
import { changeIncident } from '../../shared/store/incidents';
import { readSuppressedCounts } from '../../shared/store/suppressions';
import { survivorOf } from '../../shared/store/survivor';
import { incidentTable } from '../../shared/store/table';
import { putDraft, putLocked } from '../../shared/vault';
import { showIncident } from '../../triage/query/show-incident';
import { readAnchors } from '../read-anchors';
import { countRecords } from './count-records';
import { readBatch } from './bursts';
import { keepDraft, type ReportEffects, writeFinal } from './keep-reports';
import { draftLength } from './read-draft';

const exercise = deployedExercise();

const effects: ReportEffects = {
  readView: (id) => showIncident(incidentTable(), id, exercise),
  readLength: (id) => countRecords(incidentTable(), id),
  readSuppressed: () => readSuppressedCounts(incidentTable()),
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

/**
 * The events of the publisher, a burst at a time; only the id is taken from them, everything else from the store. However
 * many events of an incident are in a batch, its draft is written once.
 */
export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  const { bursts, unreadable } = readBatch(event.Records);
  const batchItemFailures: SQSBatchItemFailure[] = unreadable.map((itemIdentifier) => ({ itemIdentifier }));
  if (unreadable.length > 0) console.error({ message: 'messages that name no incident', unreadable });
  for (const { incidentId, closed, messageIds } of bursts) {
    try {
      const final = closed ? await writeFinal(incidentId, effects) : undefined;
      // After the final one, so that the draft of a closed incident tells of it.
      const draft = await keepDraft(incidentId, effects);
      // What happens to an incident that was merged stands in the report of the one that goes on for it.
      const going = await survivorOf(incidentTable(), incidentId);
      if (going && going.id !== incidentId) await keepDraft(going.id, effects);
      console.log({ message: 'report', incidentId, events: messageIds.length, draft, ...(final && { final }) });
    } catch (error) {
      console.error({ message: 'report not written', incidentId, error: errorText(error) });
      batchItemFailures.push(...messageIds.map((itemIdentifier) => ({ itemIdentifier })));
    }
  }
  return { batchItemFailures };
}
