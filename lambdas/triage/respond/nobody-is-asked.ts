import type { Incident } from '../../../lib/model/incident';
import { endQuestion, INCIDENT_CLOSED } from '../../shared/approvals/end-question';
import { errorText } from '../../shared/aws-error';
import { startHandOvers } from '../../shared/hand-over/start-hand-overs';
import { getApproval } from '../../shared/store/approvals';
import { survivorOf } from '../../shared/store/survivor';
import type { Table } from '../../shared/store/table';
import { readTimeline } from '../../shared/store/timelines';

/**
 * After an incident was closed, nobody is asked to contain for it, and what was approved but not begun is not. Another
 * open incident that holds the same containment hands it over itself, and its own people are asked. Whatever of this is
 * cut short ends when the incident is closed again, or when the time for the approval is over.
 */
export async function nobodyIsAsked(table: Table, incident: Incident, by: string, now: Date): Promise<void> {
  for (const id of await questionsOf(table, incident)) {
    const approval = await getApproval(table, id);
    const whose = approval && (await survivorOf(table, approval.incidentId));
    if (!approval || whose?.id !== incident.id) continue;
    for (const other of await endQuestion(table, approval, { because: INCIDENT_CLOSED, by }, now)) {
      try {
        await startHandOvers(table, other, now);
      } catch (error) {
        console.error({ message: 'left to the reconciler', incidentId: other.id, error: errorText(error) });
      }
    }
  }
}

/** Those that wait, and those that were decided or withdrawn, which only the timelines still name. */
async function questionsOf(table: Table, { id, approvals = [], mergedFrom = [] }: Incident): Promise<Set<string>> {
  const timelines = await Promise.all([id, ...mergedFrom].map((one) => readTimeline(table, one)));
  const told = timelines
    .flat()
    .map(({ details }) => details?.['approvalId'])
    .filter((approval) => typeof approval === 'string');
  return new Set([...approvals, ...told]);
}
