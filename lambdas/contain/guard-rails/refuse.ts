import type { Containment } from '../../../lib/model/containment';
import { appendOnce } from '../../shared/store/append-once';
import type { Table } from '../../shared/store/table';
import { attemptMark, containEntry } from '../shared/containment-timeline';
import { escalateOnce } from '../shared/escalate-once';
import { changeOnceTold } from '../shared/once-told';

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
  const tell = async (incidentIds: readonly string[]): Promise<void> => {
    for (const incidentId of incidentIds) {
      await appendOnce(table, incidentId, attemptMark(containment, 'refused'), [entry]);
    }
    const reason = `a guard rail refused ${what}: ${because}`;
    await escalateOnce(table, containment, incidentIds, { news: 'refused', reason, by });
  };
  // Last: until then the auditor finds it at work, and sees that it ended.
  await changeOnceTold(table, containment, tell, (now) =>
    now.attempt === containment.attempt && (now.status === 'starting' || now.status === 'containing')
      ? { ...now, status: 'refused', reason: because, executionArn: execution }
      : undefined,
  );
}
