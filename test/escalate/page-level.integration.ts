import { beforeAll, describe, expect, test } from '@jest/globals';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Incident } from '../../lib/model/incident';
import type { RecipientTarget } from '../../lib/model/recipient';
import { didAnswer } from '../../lambdas/escalate/answer/did-answer';
import { pageLevel, type PageTools } from '../../lambdas/escalate/page/page-level';
import type { PageRequest } from '../../lambdas/escalate/requests';
import type { Message } from '../../lambdas/escalate/send/message';
import { acknowledge } from '../../lambdas/shared/acknowledge';
import { changeIncident } from '../../lambdas/shared/store/incidents';
import { readTimeline } from '../../lambdas/shared/store/timelines';
import type { Table } from '../../lambdas/shared/store/table';
import { readApproval } from '../../lambdas/shared/store/approvals';
import { findToken } from '../../lambdas/shared/store/tokens';
import { embeddedAws } from '../embedded/aws';
import { dyingTable, openIncident, ownTable } from './own-store';
import { askFor, sampleApproval } from './sample-approval';

const ALICE: RecipientTarget = { kind: 'sms', id: 'sms-a', label: 'SMS +49***67', phoneNumber: '+491701234567' };
const BOB: RecipientTarget = { kind: 'email', id: 'email-b', label: 'b***@example.com', topicArn: 'arn:topic' };

interface Sent {
  readonly to: string;
  readonly message: Message;
}

let table: Table;
beforeAll(async () => {
  table = await ownTable(embeddedAws());
});

/** Everything that AWS would have sent, and a run of the Lambda with its own id each time. */
function world(fails: (to: RecipientTarget) => Error | undefined = () => undefined) {
  const sent: Sent[] = [];
  let runs = 0;
  const tools = (of: Table = table): PageTools => ({
    table: of,
    url: 'https://ack.example.com',
    linkHours: 24,
    run: `run-${++runs}`,
    now: () => new Date(),
    send: (to, message) => {
      const failure = fails(to);
      if (failure) return Promise.reject(failure);
      sent.push({ to: to.id, message });
      return Promise.resolve();
    },
  });
  return { sent, tools };
}

function request(incident: Incident, change: Partial<PageRequest> = {}): PageRequest {
  const level = { name: 'First', recipients: [ALICE, BOB] };
  return {
    schemaVersion: 1,
    incidentId: incident.id,
    attempt: 1,
    cycle: 1,
    round: 1,
    chain: 'OnCall',
    level,
    ...change,
  };
}

async function records(incident: Incident, kind: string) {
  return (await readTimeline(table, incident.id)).filter((record) => record.kind === kind);
}

/** Somebody asked for quiet, for so many milliseconds more. */
async function quiet({ id }: Incident, milliseconds: number): Promise<void> {
  const until = new Date(Date.now() + milliseconds).toISOString();
  await changeIncident(table, id, () => ({
    set: { snooze: { by: 'Ada', until, reason: 'in a meeting' } },
    entries: [{ stage: 'escalate', kind: 'snoozed', text: `Ada snoozed paging until ${until}`, by: 'Ada' }],
  }));
}

const settles = (command: string) => command === 'TransactWriteCommand';
const issuesToken = (command: string, input: unknown) =>
  command === 'PutCommand' && JSON.stringify(input).includes('TOKEN#');

describe('paging a level', () => {
  test('pages everybody, with a link of their own, and says so on the timeline', async () => {
    const incident = await openIncident(table);
    const { sent, tools } = world();
    await expect(pageLevel(tools(), request(incident))).resolves.toEqual({
      schemaVersion: 1,
      incidentId: incident.id,
      attempt: 1,
      cycle: 1,
      round: 1,
      outcome: 'paged',
    });

    expect(sent.map(({ to }) => to).sort()).toEqual(['email-b', 'sms-a']);
    const links = sent.map(({ message }) => /https:\/\/ack\.example\.com\/a\/[A-Za-z0-9_-]{22}/.exec(message.sms)?.[0]);
    expect(new Set(links).size).toBe(2);
    expect(await records(incident, 'page-sent')).toMatchObject([
      { details: { level: 'First', recipient: expect.any(String), pageId: sent[0]?.message.id } },
      { details: { pageId: sent[1]?.message.id } },
    ]);
    expect(JSON.stringify(await readTimeline(table, incident.id))).not.toContain('+491701234567');
    const { Items } = await table.client.send(new ScanCommand({ TableName: table.name, ConsistentRead: true }));
    for (const link of links) expect(JSON.stringify(Items)).not.toContain(link?.split('/a/')[1]);
  });

  test('run again, it pages nobody twice', async () => {
    const incident = await openIncident(table);
    const { sent, tools } = world();
    await pageLevel(tools(), request(incident));
    await expect(pageLevel(tools(), request(incident))).resolves.toMatchObject({ outcome: 'paged' });
    expect(sent).toHaveLength(2);
    expect(await records(incident, 'page-sent')).toHaveLength(2);
  });

  test('the next round is another page', async () => {
    const incident = await openIncident(table);
    const { sent, tools } = world();
    await pageLevel(tools(), request(incident));
    await pageLevel(tools(), request(incident, { round: 2 }));
    expect(new Set(sent.map(({ message }) => message.id)).size).toBe(4);
  });

  test('a person is paged by the first channel that takes it, and by all of them who did not answer that', async () => {
    const incident = await openIncident(table);
    const ada: RecipientTarget = { kind: 'person', id: 'ada', label: 'Ada', channels: [ALICE, BOB] };
    const level = { name: 'First', recipients: [ada] };
    const { sent, tools } = world();

    await pageLevel(tools(), request(incident, { level }));
    expect(sent.map(({ to }) => to)).toEqual(['ada/sms-a']);
    await pageLevel(tools(), request(incident, { level, round: 2 }));
    expect(sent.slice(1).map(({ to }) => to)).toEqual(['ada/sms-a', 'ada/email-b']);
    await pageLevel(tools(), request(incident, { level, cycle: 2 }));
    expect(sent.slice(3).map(({ to }) => to)).toEqual(['ada/sms-a', 'ada/email-b']);
  });

  test('snoozed after it was paged, it is paged again when the quiet is over, in the same round', async () => {
    const incident = await openIncident(table);
    const { sent, tools } = world();
    await pageLevel(tools(), request(incident));
    await quiet(incident, 60_000);
    const held = await didAnswer(table, { ...request(incident), level: 'First', repeats: 1 });
    expect(held).toMatchObject({ outcome: 'held', round: 1 });
    await expect(pageLevel(tools(), request(incident))).resolves.toMatchObject({ outcome: 'held' });
    expect(sent).toHaveLength(2);

    await quiet(incident, -1);
    for (let run = 0; run < 2; run++) {
      await expect(pageLevel(tools(), request(incident))).resolves.toMatchObject({ outcome: 'paged' });
    }
    expect(sent.map(({ to }) => to).sort()).toEqual(['email-b', 'email-b', 'sms-a', 'sms-a']);
    expect(new Set(sent.map(({ message }) => message.id)).size).toBe(4);
    const after = await didAnswer(table, { ...request(incident), level: 'First', repeats: 1 });
    expect(after).toMatchObject({ outcome: 'repeat', round: 2 });
  });

  test('killed before a page was sent, the next run sends it', async () => {
    const incident = await openIncident(table);
    const { sent, tools } = world();
    await expect(pageLevel(tools(dyingTable(table, issuesToken)), request(incident))).rejects.toThrow(/died/);
    expect(sent).toHaveLength(0);
    await expect(pageLevel(tools(), request(incident))).resolves.toMatchObject({ outcome: 'paged' });
    expect(sent.map(({ to }) => to).sort()).toEqual(['email-b', 'sms-a']);
    expect(await records(incident, 'page-sent')).toHaveLength(2);
  });

  test('killed after a page was sent, the next run sends it once more under the same id', async () => {
    const incident = await openIncident(table);
    const { sent, tools } = world();
    const ask = request(incident, { level: { name: 'First', recipients: [ALICE] } });
    await expect(pageLevel(tools(dyingTable(table, settles)), ask)).rejects.toThrow(/died/);
    await pageLevel(tools(), ask);
    expect(sent.map(({ message }) => message.id)).toEqual([sent[0]?.message.id, sent[0]?.message.id]);
    expect(await records(incident, 'page-sent')).toHaveLength(1);
  });

  test('killed twice, a page is given up, which is told, and the level is passed on', async () => {
    const incident = await openIncident(table);
    const { sent, tools } = world();
    const ask = request(incident, { level: { name: 'First', recipients: [ALICE] } });
    for (let run = 0; run < 2; run++) {
      await expect(pageLevel(tools(dyingTable(table, settles)), ask)).rejects.toThrow(/died/);
    }
    await expect(pageLevel(tools(), ask)).resolves.toMatchObject({ outcome: 'unreachable' });
    expect(sent).toHaveLength(2);
    expect(await records(incident, 'page-failed')).toMatchObject([
      { text: expect.stringMatching(/interrupted twice/) },
    ]);
  });

  test('one recipient that fails does not stop the others', async () => {
    const incident = await openIncident(table);
    const { sent, tools } = world((to) =>
      to === ALICE ? new Error('Invalid parameter: +491701234567 is not\nverified') : undefined,
    );
    await expect(pageLevel(tools(), request(incident))).resolves.toMatchObject({ outcome: 'paged' });
    expect(sent.map(({ to }) => to)).toEqual(['email-b']);
    expect(await records(incident, 'page-failed')).toMatchObject([
      { details: { reason: 'Error: Invalid parameter: SMS +49***67 is not verified' } },
    ]);
    // What failed for good is not tried again in this round.
    await pageLevel(tools(), request(incident));
    expect(await records(incident, 'page-failed')).toHaveLength(1);
  });

  test('a level of which nobody can be reached is passed on, and recorded once', async () => {
    const incident = await openIncident(table);
    const { tools } = world(() => new Error('no'));
    for (let run = 0; run < 2; run++) {
      await expect(pageLevel(tools(), request(incident))).resolves.toMatchObject({ outcome: 'unreachable' });
    }
    expect(await records(incident, 'level-unanswered')).toMatchObject([{ details: { unreachable: true } }]);
  });

  test.each<[string, (incident: Incident) => Promise<unknown>]>([
    ['acknowledged', ({ id }) => acknowledge(table, id, { by: 'Alice', how: 'command-line' })],
    [
      'closed',
      ({ id }) =>
        changeIncident(table, id, () => ({
          set: { status: 'closed' },
          entries: [{ stage: 'triage', kind: 'incident-closed', text: 'closed', by: 'Alice' }],
        })),
    ],
    [
      'paged by a later attempt',
      ({ id }) =>
        changeIncident(table, id, () => ({
          set: { handOvers: { escalation: { kind: 'escalation', state: 'pending', since: '', attempt: 2 } } },
          entries: [{ stage: 'escalate', kind: 'acknowledgement-voided', text: 'voided', by: 'contain' }],
        })),
    ],
  ])('an incident that is %s pages nobody', async (_, change) => {
    const incident = await openIncident(table);
    await change(incident);
    const { sent, tools } = world();
    await expect(pageLevel(tools(), request(incident))).resolves.toMatchObject({ outcome: 'answered' });
    expect(sent).toHaveLength(0);
  });

  test('thirty recipients are paged together and all recorded', async () => {
    const incident = await openIncident(table);
    const { sent, tools } = world();
    const recipients = Array.from({ length: 30 }, (_, i) => ({ ...BOB, id: `email-${i}` }));
    await pageLevel(tools(), request(incident, { level: { name: 'All', recipients } }));
    expect(sent).toHaveLength(30);
    expect(await records(incident, 'page-sent')).toHaveLength(30);
  });
});

describe('a page of an incident that waits for approval', () => {
  const linksIn = (sent: readonly Sent[], to: string) =>
    [
      ...(sent.find((one) => one.to === to)?.message.email.text ?? '').matchAll(
        /https:\/\/ack\.example\.com\/p\/(\S+)/g,
      ),
    ].map(([, token]) => token ?? '');

  test('gives each recipient a link of their own for each of the plans, bound to it', async () => {
    const incident = await openIncident(table);
    const [first, second] = [
      await askFor(table, incident, sampleApproval()),
      await askFor(
        table,
        incident,
        sampleApproval({ containmentId: `con-${'e'.repeat(32)}`, planHash: 'e'.repeat(64) }),
      ),
    ];
    const { sent, tools } = world();

    await pageLevel(tools(), request(incident));

    const links = ['sms-a', 'email-b'].flatMap((to) => linksIn(sent, to));
    expect(new Set(links).size).toBe(4);
    const tokens = await Promise.all(links.map((link) => findToken(table, link, 'approve', new Date())));
    expect(tokens.map((token) => [token?.incidentId, token?.approves])).toEqual(
      ['sms-a', 'email-b'].flatMap((recipientId) =>
        [first, second].map(({ id: approvalId, containmentId, planHash }) => [
          incident.id,
          { approvalId, containmentId, planHash, recipientId },
        ]),
      ),
    );
    const page = JSON.parse(sent[0]?.message.json ?? '{}') as { approvals: { url: string; subject: string }[] };
    expect(page.approvals).toHaveLength(2);
    expect(sent[0]?.message.sms).toMatch(/Approve\? https:\S+ Approve\? https:\S+ /);
    expect((await readApproval(table, first.id))?.askedLevels).toEqual(['First']);
  });

  test('gives no link to who is no approver, nor to who acted', async () => {
    const incident = await openIncident(table);
    const [actor] = incident.entities;
    const approvers = [
      { id: ALICE.id, label: 'Alice', principals: [actor?.id ?? ''] },
      { id: 'sms-c', label: 'Carol', principals: [] },
    ];
    await askFor(table, incident, sampleApproval({ settings: { ...sampleApproval().settings, approvers } }));
    const { sent, tools } = world();

    await pageLevel(tools(), request(incident));

    expect(linksIn(sent, ALICE.id)).toEqual([]);
    expect(linksIn(sent, BOB.id)).toEqual([]);
    expect(sent[0]?.message.email.text).toContain('Others were asked to decide it.');
  });

  test('passes over levels that were asked and did not decide, unless all of them were', async () => {
    const levels = ['First', 'Second'];
    const passing = async (passOver: string[], ask: Partial<PageRequest> = {}) => {
      const since = new Date().toISOString();
      const incident = await openIncident(table, {
        handOvers: { escalation: { kind: 'escalation', state: 'started', since, attempt: 2, passOver } },
      });
      const { tools } = world();
      return (await pageLevel(tools(), request(incident, { attempt: 2, levels, ...ask }))).outcome;
    };

    expect(await passing(['First'])).toBe('passed-over');
    expect(await passing(['Second'])).toBe('paged');
    expect(await passing(['First', 'Second'])).toBe('paged');
    expect(await passing(['First'], { cycle: 2 })).toBe('paged');
    expect(await passing(['First'], { attempt: 3 })).toBe('paged');
    // An execution of an older version does not know its levels.
    expect(await passing(['First'], { levels: [] })).toBe('paged');
  });
});
