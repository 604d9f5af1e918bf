import { expireApproval } from '../../shared/approvals/expire-approval';
import { errorText } from '../../shared/aws-error';
import { startHandOvers } from '../../shared/hand-over/start-hand-overs';
import { overdueApprovals } from '../../shared/store/approvals';
import { pendingIncidents } from '../../shared/store/list-incidents';
import { incidentTable, type Table } from '../../shared/store/table';

/** Younger hand-overs are still in the hands of triage. */
const GRACE_SECONDS = 20;

/**
 * Resumes hand-overs that triage did not finish, and lets time decide about approvals that nobody decided. What fails
 * again stays for the next run; how many did is a metric with an alarm.
 */
export async function handler(
  event: { readonly graceSeconds?: number } = {},
): Promise<{ pending: number; failed: number }> {
  const table = incidentTable();
  const now = new Date();
  const failures = await expireApprovals(table, now);
  const incidents = await pendingIncidents(
    table,
    new Date(now.getTime() - (event.graceSeconds ?? GRACE_SECONDS) * 1000),
  );
  for (const incident of incidents) {
    try {
      await startHandOvers(table, incident, now);
    } catch (error) {
      failures.push(incident.id);
      console.error({ message: 'hand-over still pending', incidentId: incident.id, error: errorText(error) });
    }
  }
  emitMetric('PendingHandOvers', failures.length);
  return { pending: incidents.length, failed: failures.length };
}

/** Each by itself: one that fails keeps neither the others nor the hand-overs waiting. */
async function expireApprovals(table: Table, now: Date): Promise<string[]> {
  const failures: string[] = [];
  for (const id of await overdueApprovals(table, now)) {
    try {
      const incident = await expireApproval(table, id, now);
      if (incident) await startHandOvers(table, incident, now);
    } catch (error) {
      failures.push(id);
      console.error({ message: 'approval not expired', approvalId: id, error: errorText(error) });
    }
  }
  return failures;
}

/** CloudWatch's embedded metric format: one line, no call, no metric dimension but the stack. */
function emitMetric(name: string, value: number): void {
  process.stdout.write(
    `${JSON.stringify({
      _aws: {
        Timestamp: Date.now(),
        CloudWatchMetrics: [
          { Namespace: 'Firebreak', Dimensions: [['Stack']], Metrics: [{ Name: name, Unit: 'Count' }] },
        ],
      },
      Stack: process.env['STACK_NAME'] ?? 'unknown',
      [name]: value,
    })}\n`,
  );
}
