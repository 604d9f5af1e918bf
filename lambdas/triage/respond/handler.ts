import { acknowledge } from '../../shared/acknowledge';
import { errorText } from '../../shared/aws-error';
import { startHandOvers } from '../../shared/hand-over/start-hand-overs';
import { requireEnv } from '../../shared/require-env';
import { changeIncident } from '../../shared/store/incidents';
import { survivorOf } from '../../shared/store/survivor';
import { incidentTable, type Table } from '../../shared/store/table';
import { closedHandOvers } from './close-hand-overs';
import { decideByHand } from './decide';
import { nobodyIsAsked } from './nobody-is-asked';
import { openByHand } from './open-incident';
import { handOver } from './hand-over';
import type { RespondAnswer } from './answer';
import { recordMoment } from './moment';
import { requestRelease } from './release';
import { snooze } from './snooze';
import { respondRequest, type RespondRequest } from './request';

/** What responders ask through the command line. */
export async function handler(event: unknown): Promise<RespondAnswer> {
  const request = respondRequest.safeParse(event);
  if (!request.success) return { ok: false, problem: `this request is not understood: ${request.error.message}` };
  const table = incidentTable();
  if (!('incidentId' in request.data) || request.data.incidentId === undefined) {
    return respond(table, request.data, new Date());
  }
  const { incidentId } = request.data;
  // Whoever names an incident that was merged means the one that goes on for it.
  const going = await survivorOf(table, incidentId);
  if (!going) return { ok: false, problem: `there is no incident '${incidentId}'` };
  return respond(table, { ...request.data, incidentId: going.id }, new Date());
}

async function respond(table: Table, request: RespondRequest, now: Date): Promise<RespondAnswer> {
  switch (request.op) {
    case 'open': {
      const where = {
        account: requireEnv('HOME_ACCOUNT'),
        region: requireEnv('AWS_REGION'),
        chain: requireEnv('DEFAULT_CHAIN'),
      };
      const incident = await openByHand(table, request, where, now);
      try {
        await startHandOvers(table, incident, now);
      } catch (error) {
        console.error({ message: 'left to the reconciler', incidentId: incident.id, error: errorText(error) });
      }
      return { ok: true, value: { incidentId: incident.id } };
    }
    case 'ack':
      return { ok: true, value: await acknowledge(table, request.incidentId, { by: request.by, how: 'command-line' }) };
    case 'decide': {
      const answer = await decideByHand(table, request, now);
      return answer.decided ? { ok: true, value: answer } : { ok: false, problem: answer.problem };
    }
    case 'note':
      await changeIncident(table, request.incidentId, () => ({
        entries: [{ stage: 'triage', kind: 'note', text: request.text, by: request.by, details: { person: true } }],
      }));
      return { ok: true, value: { incidentId: request.incidentId } };
    case 'snooze':
      return snooze(table, request, now);
    case 'moment':
      return recordMoment(table, request, now);
    case 'hand-over':
      return handOver(table, request, now);
    case 'close': {
      const { incident } = await changeIncident(table, request.incidentId, (before) =>
        before.status !== 'open'
          ? undefined
          : {
              // Nothing is contained any more for an incident that a person has closed.
              set: {
                status: 'closed',
                closedAt: now.toISOString(),
                handOvers: closedHandOvers(before.handOvers),
                ...(request.falsePositive && { falsePositive: true }),
              },
              entries: [
                {
                  stage: 'triage',
                  kind: 'incident-closed',
                  text: `Closed${request.falsePositive ? ' as a false positive' : ''}: ${request.reason}`,
                  by: request.by,
                  ...(request.falsePositive && { details: { falsePositive: true } }),
                },
              ],
            },
      );
      if (incident.status === 'closed') await nobodyIsAsked(table, incident, request.by, now);
      return { ok: true, value: { incidentId: incident.id, status: incident.status, closedAt: incident.closedAt } };
    }
    case 'release': {
      const answer = await requestRelease(table, request, now);
      return answer.started ? { ok: true, value: answer } : { ok: false, problem: answer.problem };
    }
  }
}
