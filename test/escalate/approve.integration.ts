import { beforeAll, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Approval } from '../../lib/model/approval';
import type { Entity } from '../../lib/model/entity';
import type { Incident } from '../../lib/model/incident';
import { answer } from '../../lambdas/escalate/approve/answer';
import { decodeRequest } from '../../lambdas/escalate/links/request';
import { decideApproval } from '../../lambdas/shared/approvals/decide-approval';
import { getApproval } from '../../lambdas/shared/store/approvals';
import { getIncident } from '../../lambdas/shared/store/incidents';
import { readTimeline } from '../../lambdas/shared/store/timelines';
import type { Table } from '../../lambdas/shared/store/table';
import { issueToken, type TokenApproval, type TokenRecord } from '../../lambdas/shared/store/tokens';
import { embeddedAws } from '../embedded/aws';
import { HOSTILE } from '../report/hostile';
import { openIncident, ownTable } from './own-store';
import { askFor, sampleApproval } from './sample-approval';

const FORM = 'application/x-www-form-urlencoded';
const METHODS = ['GET', 'HEAD', 'POST'] as const;
const ALICE = 'sms-a';

let table: Table;
let woken = 0;
beforeAll(async () => {
  table = await ownTable(embeddedAws());
});

function event(method: string, token: string, body?: string, type = FORM): APIGatewayProxyEventV2 {
  return {
    version: '2.0',
    rawPath: `/p/${token}`,
    headers: body === undefined ? {} : { 'content-type': type },
    requestContext: { http: { method } },
    isBase64Encoded: false,
    ...(body !== undefined && { body }),
  } as unknown as APIGatewayProxyEventV2;
}

const send = (request: APIGatewayProxyEventV2) =>
  answer(
    {
      table,
      now: () => new Date(),
      wake: () => {
        woken++;
        return Promise.resolve();
      },
    },
    decodeRequest(request, 8192),
  );

const FILLED = { decision: 'approve', name: 'Alice Example', reason: 'not one of ours' };

const ask = (method: string, token: string, fields: Record<string, string> = FILLED) =>
  send(event(method, token, method === 'POST' ? new URLSearchParams(fields).toString() : undefined));

interface Asked {
  readonly incident: Incident;
  readonly approval: Approval;
  readonly issue: (change?: Partial<TokenRecord>, approves?: Partial<TokenApproval>) => Promise<string>;
}

async function asked(change: Partial<Approval> = {}, about: Partial<Incident> = {}, text?: string): Promise<Asked> {
  const incident = await openIncident(table, about);
  const approval = await askFor(table, incident, sampleApproval(change, text));
  const { id: approvalId, containmentId, planHash } = approval;
  return {
    incident,
    approval,
    issue: (token = {}, approves = {}) =>
      issueToken(table, {
        purpose: 'approve',
        incidentId: incident.id,
        pageId: 'pag-1',
        level: 'First',
        recipient: 'SMS +49***67',
        expiresAt: Math.floor(Date.now() / 1000) + 3600,
        approves: { approvalId, containmentId, planHash, recipientId: ALICE, ...approves },
        ...token,
      }),
  };
}

const state = async ({ incident, approval }: Asked) => ({
  incident: await getIncident(table, incident.id),
  approval: await getApproval(table, approval.id),
});
const body = (response: APIGatewayProxyStructuredResultV2) => response.body ?? '';

describe('a link that cannot be used', () => {
  const other = `con-${'f'.repeat(32)}`;
  const CASES: [string, (about: Asked) => Promise<string>][] = [
    ['forged', () => Promise.resolve('A'.repeat(22))],
    ['malformed', () => Promise.resolve('%2e%2e')],
    ['empty', () => Promise.resolve('')],
    ['very long', () => Promise.resolve('A'.repeat(5000))],
    [
      'altered',
      async ({ issue }) => {
        const token = await issue();
        return `${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`;
      },
    ],
    ['expired', ({ issue }) => issue({ expiresAt: Math.floor(Date.now() / 1000) })],
    ['meant for acknowledging', ({ issue }) => issue({ purpose: 'acknowledge' })],
    ['of another plan', ({ issue }) => issue({}, { planHash: 'b'.repeat(64) })],
    ['of another containment', ({ issue }) => issue({}, { containmentId: other })],
    ['of another incident', async ({ issue }) => issue({ incidentId: (await openIncident(table)).id })],
    ['of an approval that is not there', ({ issue }) => issue({}, { approvalId: `apr-${'0'.repeat(32)}` })],
    [
      'used',
      async (about) => {
        const token = await about.issue();
        expect((await ask('POST', token)).statusCode).toBe(200);
        return token;
      },
    ],
  ];

  test.each(CASES.flatMap(([name, make]) => METHODS.map((method) => [method, name, make] as const)))(
    '%s of a link that is %s gets the page that all of them get, and changes nothing',
    async (method, _, make) => {
      const about = await asked();
      const token = await make(about);
      const before = await state(about);

      const response = await ask(method, token, { ...FILLED, name: 'Mallory' });

      expect(response).toEqual(await ask(method, 'Z'.repeat(22)));
      expect(response.statusCode).toBe(404);
      expect(body(response)).not.toContain(about.incident.id);
      expect(await state(about)).toEqual(before);
    },
  );
});

describe('a link that can be used', () => {
  test.each(['GET', 'HEAD'])('%s shows the plan and changes nothing, however often', async (method) => {
    const about = await asked();
    const token = await about.issue();
    const before = await state(about);
    for (let times = 0; times < 3; times++) {
      const response = await ask(method, token);
      expect(response.statusCode).toBe(200);
      if (method === 'HEAD') expect(body(response)).toBe('');
      else expect(body(response)).toMatch(/<form method="post">[^]*iam:UpdateAccessKey/);
    }
    expect(await state(about)).toEqual(before);
    expect((await ask('POST', token)).statusCode).toBe(200);
  });

  test.each([
    ['approve', 'approved', 'approval-granted'],
    ['decline', 'declined', 'approval-declined'],
  ])('POST %ss once, with a name and a reason, and says whose link it was', async (decision, status, kind) => {
    const about = await asked();
    const token = await about.issue();
    const before = woken;

    const response = await ask('POST', token, { ...FILLED, decision });

    expect(response.statusCode).toBe(200);
    expect(body(response)).toContain('Alice Example');
    expect(body(response)).not.toContain('<form');
    expect(woken).toBe(before + 1);
    const { approval, incident } = await state(about);
    expect(approval).toMatchObject({
      status,
      decision: { by: 'Alice Example', how: 'link', recipient: 'SMS +49***67', reason: 'not one of ours' },
    });
    // Handed over again: what was decided is carried out, or ended, by the next attempt.
    expect(incident?.handOvers[`containment#${about.approval.containmentId}`]).toMatchObject({
      state: 'pending',
      attempt: 2,
    });
    expect(incident?.approvals).toEqual([]);
    expect((await readTimeline(table, about.incident.id)).find((record) => record.kind === kind)).toMatchObject({
      by: 'Alice Example',
      text: expect.stringContaining('asked as SMS +49***67'),
    });
    expect((await ask('POST', token)).statusCode).toBe(404);
  });

  test('pressed by many at once, one decides', async () => {
    const about = await asked();
    const tokens = await Promise.all(Array.from({ length: 5 }, () => about.issue()));
    const one = tokens[0] ?? '';

    const responses = await Promise.all(
      [...tokens, one, one].map((token, i) =>
        ask('POST', token, { ...FILLED, name: `Person ${i}`, decision: i % 2 ? 'decline' : 'approve' }),
      ),
    );

    expect(responses.filter(({ statusCode }) => statusCode === 200)).toHaveLength(5);
    const records = (await readTimeline(table, about.incident.id)).filter(({ kind }) =>
      ['approval-granted', 'approval-declined'].includes(kind),
    );
    expect(records).toHaveLength(1);
  });

  test('of what somebody else decided says so, and decides nothing', async () => {
    const about = await asked();
    const [first, second] = [await about.issue(), await about.issue()];
    await ask('POST', first, { ...FILLED, decision: 'decline' });

    expect(body(await ask('GET', second))).toContain('Alice Example declined it');
    const response = await ask('POST', second, { ...FILLED, name: 'Bob' });

    expect(response.statusCode).toBe(200);
    expect(body(response)).toContain('Alice Example declined it');
    expect(body(response)).not.toContain('Bob');
    expect((await state(about)).approval?.status).toBe('declined');
    expect((await ask('GET', second)).statusCode).toBe(404);
  });

  test.each([
    ['of a closed incident', {}, { status: 'closed' as const }, 'is closed'],
    [
      'whose time is over',
      { expiresAt: new Date(0).toISOString() },
      { severity: 'SEV1' as const },
      'time for it is over',
    ],
    ['that nobody needs to decide any more', { status: 'withdrawn' as const }, {}, 'nobody needs to decide'],
  ])('%s shows why, and decides nothing', async (_, change, incident, text) => {
    const about = await asked(change, incident);
    const token = await about.issue();
    const before = await state(about);
    expect(body(await ask('GET', token)).toLowerCase()).toContain(text);
    expect(body(await ask('GET', token))).not.toContain('<form');
    expect(body(await ask('POST', token)).toLowerCase()).toContain(text);
    expect(await state(about)).toEqual(before);
  });

  test('of somebody who acted in the incident decides nothing', async () => {
    const actor: Entity = {
      kind: 'role-session',
      id: 'arn:aws:sts::111122223333:assumed-role/Admin/alice@example.com',
      account: '111122223333',
      region: 'us-east-1',
      role: 'actor',
      trust: 'attested',
      path: 'userIdentity.arn',
    };
    const principals = ['arn:aws:sts::*:assumed-role/*/alice@example.com'];
    const settings = { ...sampleApproval().settings, approvers: [{ id: ALICE, label: 'Alice', principals }] };
    const about = await asked({ settings }, { entities: [actor] });

    const response = await ask('POST', await about.issue());

    expect(body(response)).toContain('does not decide about it');
    expect((await state(about)).approval?.status).toBe('waiting');
    const bob = await ask('POST', await about.issue({}, { recipientId: 'sms-b' }), { ...FILLED, name: 'Bob' });
    expect(body(bob)).toContain('Bob approved it');
  });

  test.each([
    ['no name', 400, { ...FILLED, name: '' }, FORM],
    ['a name of spaces', 400, { ...FILLED, name: ' \n\t' }, FORM],
    ['no reason', 400, { ...FILLED, reason: ' ' }, FORM],
    ['no decision', 400, { name: 'Alice', reason: 'because' }, FORM],
    ['another decision', 400, { ...FILLED, decision: 'maybe' }, FORM],
    ['a body of another type', 415, FILLED, 'application/json'],
    ['a body that is too large', 413, { ...FILLED, reason: 'x'.repeat(20_000) }, FORM],
  ])('with %s it answers %i, and the form again, and stays usable', async (_, status, fields, type) => {
    const about = await asked();
    const token = await about.issue();
    const before = await state(about);
    const response = await send(
      event('POST', token, new URLSearchParams(fields as Record<string, string>).toString(), type),
    );
    expect(response.statusCode).toBe(status);
    expect(body(response)).toMatch(/<form[^]*role="alert"/);
    expect(await state(about)).toEqual(before);
    expect((await ask('POST', token)).statusCode).toBe(200);
  });

  test.each(HOSTILE.map(({ what, text }) => [what, text] as const))(
    'shows %s as harmless text, whatever field it came in',
    async (_, text) => {
      const about = await asked({}, { title: text.slice(0, 2000), account: text.slice(0, 200) }, text.slice(0, 5000));
      const token = await about.issue({ recipient: text.slice(0, 200) });
      for (const response of [
        await ask('GET', token),
        await ask('POST', token, { ...FILLED, name: `N ${text.slice(0, 300)}`, reason: `x ${text.slice(0, 300)}` }),
      ]) {
        expect(response.statusCode).toBe(200);
        expect(body(response)).not.toMatch(/<script|<img|<svg|<a |<iframe|href=|\u001b|\u202e/i);
      }
    },
  );

  test('every answer forbids scripts, frames, caches and referrers', async () => {
    const about = await asked();
    for (const response of [
      await ask('GET', await about.issue()),
      await ask('GET', 'x'),
      await ask('POST', await about.issue()),
    ]) {
      expect(response.headers).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'content-security-policy': expect.stringMatching(
          /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
        ),
      });
    }
  });

  test('the command line decides by the same rules', async () => {
    const about = await asked();
    const request = {
      approve: true,
      by: 'Ada',
      reason: 'because',
      how: 'command-line',
      planHash: about.approval.planHash,
    } as const;
    await expect(decideApproval(table, about.approval.id, { ...request, by: ' ' })).rejects.toThrow(/needs a name/);
    await expect(decideApproval(table, about.approval.id, { ...request, reason: '' })).rejects.toThrow(/and a reason/);
    await expect(decideApproval(table, 'apr-none', request)).rejects.toThrow(/there is no approval/);
    expect(await decideApproval(table, about.approval.id, { ...request, planHash: 'b'.repeat(64) })).toMatchObject({
      outcome: 'not-decided',
    });
    expect((await decideApproval(table, about.approval.id, request)).outcome).toBe('decided');
  });
});
