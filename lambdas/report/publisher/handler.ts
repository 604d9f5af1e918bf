import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { deployedExercise } from '../../shared/exercise';
import { requireEnv } from '../../shared/require-env';
import { getIncident } from '../../shared/store/incidents';
import { incidentTable } from '../../shared/store/table';
import { putLockedOnce } from '../../shared/vault';
import { publish } from './publish';
import { sendToBus } from './put-events';
import { readStreamRecord } from './read-records';

const bus = requireEnv('EVENT_BUS');
const exercise = deployedExercise();

/** What could not be published is given again by Lambda, from the first of them on; see `publish` for why that is harmless. */
export async function handler(event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const unpublished = await publish(event.Records.map(readStreamRecord), {
    readIncident: (id) => getIncident(incidentTable(), id),
    send: sendToBus(bus),
    putAnchor: putLockedOnce,
    exercise,
  });
  for (const { position, why } of unpublished) console.log({ message: 'not published', position, why });
  return { batchItemFailures: unpublished.map(({ position }) => ({ itemIdentifier: position })) };
}
