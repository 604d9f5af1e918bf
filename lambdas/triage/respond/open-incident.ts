import { containmentId, newIncidentId } from '../../../lib/model/ids';
import { INCIDENT_SCHEMA_VERSION, type HandOver, type Incident } from '../../../lib/model/incident';
import { ESCALATION } from '../../shared/hand-over/chain';
import { createIncident } from '../../shared/store/incidents';
import type { Table } from '../../shared/store/table';
import type { Ask } from './request';

/** An incident that a person opens; the runbooks that it names contain on that person's word, within the guard rails. */
export async function openByHand(
  table: Table,
  ask: Ask<'open'>,
  where: { readonly account: string; readonly region: string; readonly chain: string },
  now: Date,
): Promise<Incident> {
  const since = now.toISOString();
  const handOvers: Record<string, HandOver> = {
    [ESCALATION]: { kind: 'escalation', state: 'pending', since, attempt: 1 },
  };
  for (const { runbook, target } of ask.contain) {
    handOvers[`containment#${containmentId(runbook, target)}`] = {
      kind: 'containment',
      state: 'pending',
      since,
      attempt: 1,
      containment: {
        plan: `by hand: ${ask.by}`,
        planned: { runbook, mode: 'enforce', contains: 'target' },
        target,
        eventAt: since,
      },
    };
  }
  return createIncident(
    table,
    {
      schemaVersion: INCIDENT_SCHEMA_VERSION,
      id: newIncidentId(now),
      status: 'open',
      title: ask.title,
      severity: ask.severity,
      account: where.account,
      region: where.region,
      openedAt: since,
      firstEventAt: since,
      lastAlertAt: since,
      alertCount: 0,
      rules: [],
      entities: ask.contain.map(({ target }) => ({
        ...target,
        role: 'target',
        trust: 'attested',
        path: 'opened by hand',
      })),
      chain: where.chain,
      handOvers,
    },
    [
      {
        stage: 'triage',
        kind: 'incident-opened',
        text: `${ask.severity}: ${ask.title}; opened by hand`,
        by: ask.by,
        details: { severity: ask.severity, chain: where.chain, plan: null },
      },
    ],
    [],
    now,
  );
}
