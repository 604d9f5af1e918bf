import type { Incident } from '../../../lib/model/incident';
import { withdrawApproval } from '../../shared/approvals/withdraw-approval';
import { errorText } from '../../shared/aws-error';
import { startHandOvers } from '../../shared/hand-over/start-hand-overs';
import { getApproval } from '../../shared/store/approvals';
import { changeContainment } from '../../shared/store/containments';
import { changeIncident } from '../../shared/store/incidents';
import type { Table } from '../../shared/store/table';

interface Word {
  readonly because: string;
  readonly by: string;
}

/**
 * After an incident was closed, nobody is asked to contain for it. Another open incident that holds the same
 * containment hands it over itself, and its own people are asked. Whatever of this is cut short ends when the time for
 * the approval does: a closed incident contains nothing.
 */
export async function nobodyIsAsked(table: Table, incident: Incident, word: Word, now: Date): Promise<void> {
  for (const id of incident.approvals ?? []) {
    const approval = await getApproval(table, id);
    if (!approval || !(await withdrawApproval(table, id, word, now))) continue;
    const { containmentId } = approval;
    const containment = await changeContainment(table, containmentId, (before) =>
      before?.status === 'awaiting-approval' && before.approvalId === id
        ? { ...before, status: 'not-approved', reason: word.because }
        : undefined,
    );
    for (const other of containment?.holds ?? []) {
      if (other !== incident.id) await handOverAgain(table, other, containmentId, now);
    }
  }
}

async function handOverAgain(table: Table, incidentId: string, containmentId: string, now: Date): Promise<void> {
  const key = `containment#${containmentId}`;
  const { incident } = await changeIncident(table, incidentId, (before) => {
    const handOver = before.handOvers[key];
    if (before.status === 'closed' || !handOver) return undefined;
    const again = { ...handOver, state: 'pending', since: now.toISOString(), attempt: handOver.attempt + 1 } as const;
    const text = 'Its containment is handed over again: the incident that asked for approval was closed';
    return {
      set: { handOvers: { ...before.handOvers, [key]: again } },
      entries: [{ stage: 'triage', kind: 'note', text, by: 'triage' }],
    };
  });
  try {
    await startHandOvers(table, incident, now);
  } catch (error) {
    console.error({ message: 'left to the reconciler', incidentId, error: errorText(error) });
  }
}
