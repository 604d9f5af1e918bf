import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Stakeholder } from '../../../lib/model/stakeholder';
import { readBatch } from '../../report/writer/bursts';
import { deployedExercise } from '../../shared/exercise';
import { requireEnv } from '../../shared/require-env';
import { incidentTable } from '../../shared/store/table';
import { sendUpdate } from '../send/send';
import { inform } from './inform';

const stakeholders = JSON.parse(requireEnv('STAKEHOLDERS')) as readonly Stakeholder[];
const exercise = deployedExercise();

/** The events of the publisher, a batch at a time; only the ids are taken from them. What was not told comes again. */
export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const { bursts, unreadable } = readBatch(event.Records);
  if (unreadable.length > 0) console.error({ message: 'messages that name no incident', unreadable });
  const tools = { table: incidentTable(), stakeholders, exercise, run: context.awsRequestId, now: () => new Date() };
  const untold = await inform(
    { ...tools, send: sendUpdate },
    bursts.map(({ incidentId }) => incidentId),
  );
  for (const [incidentId, why] of untold) console.error({ message: 'stakeholders not told', incidentId, why });
  const failed = bursts.filter(({ incidentId }) => untold.has(incidentId)).flatMap(({ messageIds }) => messageIds);
  return { batchItemFailures: [...unreadable, ...failed].map((itemIdentifier) => ({ itemIdentifier })) };
}
