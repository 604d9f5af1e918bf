import type { Approval } from '../../lib/model/approval';
import type { Incident } from '../../lib/model/incident';
import { createApproval } from '../../lambdas/shared/store/approvals';
import { changeIncident } from '../../lambdas/shared/store/incidents';
import type { Table } from '../../lambdas/shared/store/table';

export const CONTAINMENT_ID = `con-${'0123456789abcdef'.repeat(2)}`;
const USER = 'arn:aws:iam::111122223333:user/mallory';

/** A question to people; `text` stands wherever an attacker could have written it. */
export function sampleApproval(change: Partial<Approval> = {}, text = USER): Approval {
  return {
    schemaVersion: 1,
    id: `apr-${Math.random().toString(16).slice(2).padEnd(32, '0').slice(0, 32)}`,
    containmentId: CONTAINMENT_ID,
    incidentId: 'inc-0mi8q2k4t-5f0c9a1be7',
    generation: 1,
    attempt: 1,
    planHash: 'a'.repeat(64),
    plan: {
      runbook: 'disable-access-key',
      title: 'Disable a user and its access keys',
      target: { kind: 'user', id: text, account: '111122223333', region: 'us-east-1' },
      generation: 1,
      steps: [
        {
          action: 'deactivate-keys',
          title: 'Deactivate access keys',
          release: 'restores',
          changes: [{ call: 'iam:UpdateAccessKey', resource: `${text} AKIAEXAMPLE`, from: text, to: 'Inactive' }],
        },
        {
          action: 'delete-login-profile',
          title: 'Delete the console password',
          release: 'manual',
          task: 'Give the user a new password.',
          changes: [],
          problem: text,
        },
      ],
      limits: ['It does not end sessions of roles that the user assumed.'],
    },
    why: `the response plan asks people first${text === USER ? '' : `: ${text}`}`,
    settings: {
      withinSeconds: 900,
      onTimeout: { SEV1: 'contain', SEV2: 'escalate', SEV3: 'abort', SEV4: 'abort' },
    },
    status: 'waiting',
    round: 1,
    askedAt: new Date().toISOString(),
    expiresAt: new Date(Date.now() + 900_000).toISOString(),
    revision: 1,
    ...change,
  };
}

/** Has an incident ask it, as the contain stage does. */
export async function askFor(table: Table, incident: Incident, approval: Approval): Promise<Approval> {
  const key = `containment#${approval.containmentId}`;
  const asked = { ...approval, incidentId: incident.id };
  await changeIncident(table, incident.id, (now) => ({
    set: {
      approvals: [...(now.approvals ?? []), asked.id],
      handOvers: {
        ...now.handOvers,
        [key]: { kind: 'containment', state: 'started', since: asked.askedAt, attempt: 1 },
      },
    },
    entries: [{ stage: 'contain', kind: 'approval-requested', text: 'asked', by: 'test' }],
    also: [createApproval(table, asked)],
  }));
  return asked;
}
