import type { Severity } from '../../../lib/model/severity';
import { changeIncident } from '../../shared/store/incidents';
import type { Table } from '../../shared/store/table';
import type { RespondAnswer } from './answer';
import type { Ask } from './request';

/** Minutes. What is worse is looked at again sooner; our own figures. */
export const LONGEST_SNOOZE: Readonly<Record<Severity, number>> = { SEV1: 60, SEV2: 240, SEV3: 4_320, SEV4: 10_080 };

/** Nobody is paged for a while: the chain stops where it is and goes on by itself. A higher severity ends it at once. */
export async function snooze(table: Table, ask: Ask<'snooze'>, now: Date): Promise<RespondAnswer> {
  const until = new Date(now.getTime() + ask.minutes * 60_000).toISOString();
  let problem: string | undefined;
  const { incident } = await changeIncident(table, ask.incidentId, (before) => {
    problem = whyNot(before, ask.minutes);
    if (problem !== undefined) return undefined;
    return {
      set: { snooze: { by: ask.by, until, reason: ask.reason } },
      entries: [
        {
          stage: 'escalate',
          kind: 'snoozed',
          text: `${ask.by} snoozed paging until ${until}: ${ask.reason}`,
          by: ask.by,
          details: { until, minutes: ask.minutes },
        },
      ],
    };
  });
  return problem === undefined
    ? { ok: true, value: { incidentId: incident.id, snoozedUntil: until } }
    : { ok: false, problem };
}

function whyNot(incident: Parameters<Parameters<typeof changeIncident>[2]>[0], minutes: number): string | undefined {
  if (incident.status !== 'open') return `incident '${incident.id}' is ${incident.status}: nobody is paged for it`;
  const { acknowledgement, severity } = incident;
  if (acknowledgement) return `${acknowledgement.by} acknowledged incident '${incident.id}': nobody is paged for it`;
  const longest = LONGEST_SNOOZE[severity];
  return minutes > longest
    ? `an incident of ${severity} is snoozed for ${longest} minutes at most, not ${minutes}; acknowledge it if you take care of it`
    : undefined;
}
