import type { Containment } from '../../lib/model/containment';
import type { Incident } from '../../lib/model/incident';
import type { TimelineKind, TimelineRecord } from '../../lib/model/timeline';

export const INCIDENT_ID = 'inc-0abcdefgh-0123456789';
export const CONTAINMENT_ID = `con-${'a'.repeat(32)}`;

/** What an attacker may have written: colours, a title for the window, a line break, text from right to left. */
export const HOSTILE = 'red \u001b[31m\u001b]0;owned\u0007\nSEV4 all is well \u202e';

export function sampleIncident(more: Partial<Incident> = {}): Incident {
  return {
    schemaVersion: 1,
    id: INCIDENT_ID,
    status: 'open',
    title: HOSTILE,
    severity: 'SEV1',
    account: '111122223333',
    region: 'eu-central-1',
    openedAt: '2026-11-21T03:00:00.000Z',
    firstEventAt: '2026-11-21T02:59:58.000Z',
    lastAlertAt: '2026-11-21T03:00:00.000Z',
    alertCount: 1,
    rules: ['rule-1'],
    entities: [
      {
        kind: 'user',
        id: HOSTILE,
        account: '111122223333',
        region: 'us-east-1',
        role: 'actor',
        trust: 'claimed',
        path: 'x',
      },
    ],
    chain: 'on-call',
    handOvers: {},
    timelineLength: 1,
    timelineHash: 'h',
    ...more,
  };
}

export function sampleContainment(more: Partial<Containment> = {}): Containment {
  return {
    schemaVersion: 1,
    id: CONTAINMENT_ID,
    runbook: 'disable-access-key',
    target: { kind: 'user', id: 'arn:aws:iam::111122223333:user/alice', account: '111122223333', region: 'us-east-1' },
    mode: 'enforce',
    generation: 1,
    attempt: 1,
    status: 'held',
    holds: [INCIDENT_ID],
    incidentId: INCIDENT_ID,
    startedAt: '2026-11-21T03:00:01.000Z',
    ...more,
  };
}

export function sampleRecord(sequence: number, kind: TimelineKind, text: string = HOSTILE): TimelineRecord {
  return {
    schemaVersion: 1,
    incidentId: INCIDENT_ID,
    sequence,
    at: new Date().toISOString(),
    previousHash: 'p',
    hash: 'h',
    stage: 'contain',
    kind,
    text,
    by: 'test',
    details: { containmentId: CONTAINMENT_ID },
  };
}
