import type { Incident } from '../../lib/model/incident';
import type { PageContent } from '../../lambdas/escalate/page/content';

export const INCIDENT_ID = 'inc-0mi8q2k4t-5f0c9a1be7';
/** As long as a link of API Gateway is in eu-central-1. */
export const LINK = `https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/a/${'A_-9'.repeat(5)}Zz`;

export function samplePage(change: Partial<PageContent> = {}): PageContent {
  return {
    pageId: 'pag-0123456789abcdef0123456789abcdef',
    incidentId: INCIDENT_ID,
    severity: 'SEV1',
    title: 'Access key created for another user',
    account: '111122223333',
    region: 'eu-central-1',
    openedAt: '2026-11-21T03:12:45.000Z',
    chain: 'OnCall',
    level: 'First responder',
    attempt: 1,
    cycle: 1,
    round: 1,
    containments: [
      {
        runbook: 'disable-access-key',
        target: {
          kind: 'user',
          id: 'arn:aws:iam::111122223333:user/mallory',
          account: '111122223333',
          region: 'us-east-1',
        },
        status: 'verified',
        words: 'contained',
      },
    ],
    approvals: [],
    news: [],
    entities: [
      {
        kind: 'user',
        id: 'arn:aws:iam::111122223333:user/mallory',
        account: '111122223333',
        region: 'us-east-1',
        role: 'actor',
        trust: 'attested',
        path: 'userIdentity.arn',
      },
    ],
    link: LINK,
    command: `firebreak incident ack ${INCIDENT_ID} --by NAME`,
    sentAt: '2026-11-21T03:12:47.000Z',
    ...change,
  };
}

/** A page in every place of which stands the same text, as if an attacker had chosen all of them. */
export function hostilePage(text: string): PageContent {
  const page = samplePage();
  const target = { kind: 'user' as const, id: text, account: '111122223333', region: 'us-east-1' };
  return samplePage({
    title: text,
    news: [text],
    containments: page.containments.map((line) => ({ ...line, target, reason: text })),
    entities: page.entities.map((entity) => ({ ...entity, id: text })),
  });
}

export function sampleIncident(change: Partial<Incident> = {}): Omit<Incident, 'timelineLength' | 'timelineHash'> {
  return {
    schemaVersion: 1,
    id: INCIDENT_ID,
    status: 'open',
    title: 'Access key created for another user',
    severity: 'SEV1',
    account: '111122223333',
    region: 'eu-central-1',
    openedAt: '2026-11-21T03:12:45.000Z',
    firstEventAt: '2026-11-21T03:12:40.000Z',
    lastAlertAt: '2026-11-21T03:12:45.000Z',
    alertCount: 1,
    rules: ['rule'],
    entities: [...samplePage().entities],
    chain: 'OnCall',
    handOvers: { escalation: { kind: 'escalation', state: 'started', since: '2026-11-21T03:12:45.000Z', attempt: 1 } },
    ...change,
  };
}
