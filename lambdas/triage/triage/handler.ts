import type { SQSBatchItemFailure, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { errorText } from '../../shared/aws-error';
import { startHandOvers } from '../../shared/hand-over/start-hand-overs';
import { requireEnv } from '../../shared/require-env';
import { incidentTable } from '../../shared/store/table';
import { canaryOf, handOverCanary } from './canary';
import { parseAlert } from './parse-alert';
import { settings } from './settings';
import { triageAlert } from './triage-alert';

/** Alerts from the queue into incidents, and each incident on to containment and escalation. */
export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  const table = incidentTable();
  const homeAccount = requireEnv('HOME_ACCOUNT');
  const ownRoles = JSON.parse(requireEnv('OWN_ROLES')) as string[];
  const batchItemFailures: SQSBatchItemFailure[] = [];
  for (const { messageId, body } of event.Records) {
    try {
      const alert = parseAlert(body);
      const now = new Date();
      const canary = await canaryOf(table, alert, now);
      if (canary) {
        await handOverCanary(canary, settings.defaultChain);
        continue;
      }
      const triaged = await triageAlert(table, alert, { settings, homeAccount, ownRoles, now });
      if ('incident' in triaged) await startHandOvers(table, triaged.incident);
      else console.log({ message: 'alert kept quiet', messageId, suppression: triaged.suppressedBy });
    } catch (error) {
      // The message comes again, and after that waits in the dead-letter queue: nothing is lost.
      console.error({ message: 'alert not dealt with', messageId, error: errorText(error) });
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}
