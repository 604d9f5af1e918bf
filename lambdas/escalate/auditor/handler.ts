import type { Incident } from '../../../lib/model/incident';
import { AUDITOR_RAN, DEAF_TOPICS, ESCALATION_METRICS, STALLED, UNANSWERED } from '../../../lib/model/metrics';
import { requestEscalation } from '../../shared/hand-over/escalation';
import { requireEnv } from '../../shared/require-env';
import { getIncident } from '../../shared/store/incidents';
import { openIncidents } from '../../shared/store/list-incidents';
import { incidentTable, type Table } from '../../shared/store/table';
import { auditEach } from './audit-each';
import { look } from './look';
import { deafTopics } from './subscriptions';
import { watchAgain } from './watch-again';

export interface Audit {
  readonly open: number;
  readonly stalled: readonly string[];
  readonly unanswered: readonly string[];
  readonly unwatched: readonly string[];
  readonly deaf: readonly string[];
}

/**
 * Proves that each open incident advances as its chain says; what stands still is paged anew, and an alarm goes off
 * that needs neither the chains nor this function. Says that it ran: its silence is an alarm, too.
 */
export async function handler(): Promise<Audit> {
  const table = incidentTable();
  const now = new Date();
  const incidents = await openIncidents(table);
  const { stalled, unanswered, unwatched, failures } = await auditEach(
    incidents,
    async ({ id }) => {
      // The list lags behind: whoever acknowledged a moment ago must not be paged again.
      const current = await getIncident(table, id);
      return current ? look(table, current, now) : { kind: 'fine' };
    },
    {
      pageAnew: (incident, because) => pageAnew(table, incident, because),
      watchAgain: (incident) => watchAgain(table, incident),
    },
  );
  // What was found is counted before anything else can fail; that it ran is said only where all was looked at.
  count({ [STALLED]: stalled.length, [UNANSWERED]: unanswered.length });
  for (const { message } of failures) console.error({ message });
  const deaf = await deafTopics(JSON.parse(requireEnv('TOPICS')) as string[]);
  count({ [DEAF_TOPICS]: deaf.length, ...(failures.length === 0 && { [AUDITOR_RAN]: 1 }) });
  const audit = { open: incidents.length, stalled, unanswered, unwatched, deaf };
  console.log({ message: 'escalation auditor', ...audit });
  if (failures.length > 0) {
    throw new AggregateError(failures, `${failures.length} open incident(s): ${failures[0]?.message ?? ''}`);
  }
  return audit;
}

/** Where this fails the alarm says it in any case, and the next run tries again. */
async function pageAnew(table: Table, { id, severity }: Incident, because: string): Promise<void> {
  const reason = `the escalation stood still: ${because}`;
  await requestEscalation(table, id, { reason, by: 'auditor', severity });
}

/** CloudWatch's embedded metric format: one line, no call. */
function count(values: Readonly<Record<string, number>>): void {
  const Metrics = Object.keys(values).map((Name) => ({ Name, Unit: 'Count' }));
  process.stdout.write(
    `${JSON.stringify({
      _aws: {
        Timestamp: Date.now(),
        CloudWatchMetrics: [{ Namespace: ESCALATION_METRICS, Dimensions: [['Stack']], Metrics }],
      },
      Stack: requireEnv('STACK_NAME'),
      ...values,
    })}\n`,
  );
}
