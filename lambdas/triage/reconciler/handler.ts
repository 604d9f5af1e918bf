import { errorText } from '../../shared/aws-error';
import { startHandOvers } from '../../shared/hand-over/start-hand-overs';
import { pendingIncidents } from '../../shared/store/incidents';
import { incidentTable } from '../../shared/store/table';

/** Younger hand-overs are still in the hands of triage. */
const GRACE_SECONDS = 20;

/**
 * Resumes hand-overs that triage did not finish. What fails again stays pending for the next run; the age of the
 * oldest is a metric with an alarm.
 */
export async function handler(
  event: { readonly graceSeconds?: number } = {},
): Promise<{ pending: number; failed: number }> {
  const table = incidentTable();
  const now = new Date();
  const incidents = await pendingIncidents(
    table,
    new Date(now.getTime() - (event.graceSeconds ?? GRACE_SECONDS) * 1000),
  );
  const failures: string[] = [];
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
