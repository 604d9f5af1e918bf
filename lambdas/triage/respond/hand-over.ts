import { changeIncident } from '../../shared/store/incidents';
import type { Table } from '../../shared/store/table';
import type { RespondAnswer } from './answer';
import type { Ask } from './request';

/**
 * Somebody else takes care of an incident from now on. Whoever says so vouches for it: the other one is not asked, so
 * the silence of the one who took over is noticed like that of everybody who acknowledged.
 */
export async function handOver(table: Table, ask: Ask<'hand-over'>, now: Date): Promise<RespondAnswer> {
  let problem: string | undefined;
  const { incident } = await changeIncident(table, ask.incidentId, (before) => {
    const { acknowledgement, status } = before;
    problem = undefined;
    if (status !== 'open') problem = `incident '${before.id}' is ${status}: nobody takes care of it any more`;
    else if (!acknowledgement) {
      problem = `nobody has acknowledged incident '${before.id}' yet; whoever takes it over acknowledges it: firebreak incident ack`;
    }
    if (problem !== undefined || !acknowledgement) return undefined;
    return {
      set: { acknowledgement: { by: ask.to, at: now.toISOString(), how: 'hand-over' } },
      entries: [
        {
          stage: 'escalate',
          kind: 'handed-over',
          text: `${ask.by} handed it over from ${acknowledgement.by} to ${ask.to}: ${ask.reason}`,
          by: ask.by,
          details: { from: acknowledgement.by, to: ask.to },
        },
      ],
    };
  });
  return problem === undefined
    ? { ok: true, value: { incidentId: incident.id, takenCareOfBy: ask.to } }
    : { ok: false, problem };
}
