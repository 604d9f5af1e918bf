import type { Containment } from '../../../lib/model/containment';
import { appendOnce } from '../../shared/store/append-once';
import { changeContainment } from '../../shared/store/containments';
import type { Table } from '../../shared/store/table';
import { attemptMark, containEntry } from '../shared/containment-timeline';
import { escalateOnce } from '../shared/escalate-once';

/** Writes the refusal down for everybody who holds the containment, and escalates: what nobody stops, people must. */
export async function refuseContainment(
  table: Table,
  containment: Containment,
  because: string,
  execution: string,
): Promise<void> {
  const by = execution.split(':').at(-1) ?? execution;
  const what = `'${containment.runbook}' on ${containment.target.kind} ${containment.target.id}`;
  const entry = containEntry(containment, 'containment-refused', `Refused ${what}: ${because}`, by, {
    reason: because,
  });
  for (const incidentId of new Set([containment.incidentId, ...containment.holds])) {
    await appendOnce(table, incidentId, attemptMark(containment, 'refused'), [entry]);
  }
  await escalateOnce(table, containment, 'refused', `a guard rail refused ${what}: ${because}`, by);
  // Last: until then the auditor finds it at work, and sees that it ended.
  await changeContainment(table, containment.id, (now) =>
    now?.attempt === containment.attempt && (now.status === 'starting' || now.status === 'containing')
      ? { ...now, status: 'refused', reason: because, executionArn: execution }
      : undefined,
  );
}
