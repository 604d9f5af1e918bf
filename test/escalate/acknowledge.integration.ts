import { beforeAll, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Incident } from '../../lib/model/incident';
import { answer } from '../../lambdas/escalate/acknowledge/answer';
import { decodeRequest } from '../../lambdas/escalate/links/request';
import { acknowledge } from '../../lambdas/shared/acknowledge';
import { getIncident } from '../../lambdas/shared/store/incidents';
import { readTimeline } from '../../lambdas/shared/store/timelines';
import type { Table } from '../../lambdas/shared/store/table';
import { issueToken, type TokenRecord } from '../../lambdas/shared/store/tokens';
import { embeddedAws } from '../embedded/aws';
import { openIncident, ownTable } from './own-store';

const FORM = 'application/x-www-form-urlencoded';
const METHODS = ['GET', 'HEAD', 'POST'] as const;

let table: Table;
beforeAll(async () => {
  table = await ownTable(embeddedAws());
});

function event(method: string, token: string, body?: string, type = FORM, base64 = false): APIGatewayProxyEventV2 {
  return {
    version: '2.0',
    rawPath: `/a/${token}`,
    headers: body === undefined ? {} : { 'content-type': type },
    requestContext: { http: { method } },
    isBase64Encoded: base64,
    ...(body !== undefined && { body: base64 ? Buffer.from(body).toString('base64') : body }),
  } as unknown as APIGatewayProxyEventV2;
}

const ask = (method: string, token: string, name = 'Alice', now = new Date()) =>
  answer(
    table,
    decodeRequest(event(method, token, method === 'POST' ? `name=${encodeURIComponent(name)}` : undefined)),
    { now: () => now },
  );

function issue(incident: Incident, change: Partial<TokenRecord> = {}): Promise<string> {
  return issueToken(table, {
    purpose: 'acknowledge',
    incidentId: incident.id,
    pageId: 'pag-1',
    level: 'First',
    recipient: 'SMS +49***67',
    expiresAt: Math.floor(Date.now() / 1000) + 3600,
    ...change,
  });
}

const body = (response: APIGatewayProxyStructuredResultV2) => response.body ?? '';

describe('a link that cannot be used', () => {
  const CASES: [string, (incident: Incident) => Promise<string>][] = [
    ['forged', () => Promise.resolve('A'.repeat(22))],
    ['malformed', () => Promise.resolve('%2e%2e')],
    ['empty', () => Promise.resolve('')],
    ['very long', () => Promise.resolve('A'.repeat(5000))],
    [
      'altered',
      async (incident) => {
        const token = await issue(incident);
        return `${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`;
      },
    ],
    ['expired', (incident) => issue(incident, { expiresAt: Math.floor(Date.now() / 1000) })],
    ['meant for something else', (incident) => issue(incident, { purpose: 'approve' })],
    ['of an incident that is not there', (incident) => issue(incident, { incidentId: `${incident.id}x` })],
    [
      'used',
      async (incident) => {
        const token = await issue(incident);
        expect((await ask('POST', token)).statusCode).toBe(200);
        return token;
      },
    ],
  ];

  test.each(CASES.flatMap(([name, make]) => METHODS.map((method) => [method, name, make] as const)))(
    '%s of a link that is %s gets the page that all of them get, and changes nothing',
    async (method, _, make) => {
      const incident = await openIncident(table);
      const token = await make(incident);
      const before = await getIncident(table, incident.id);
      const response = await ask(method, token, 'Mallory');
      const same = await ask(method, 'Z'.repeat(22));
      expect(response).toEqual(same);
      expect(response.statusCode).toBe(404);
      expect(body(response)).not.toContain(incident.id);
      expect(await getIncident(table, incident.id)).toEqual(before);
    },
  );

  test('its wrong form is not even looked at', async () => {
    const response = await answer(table, decodeRequest(event('POST', 'Z'.repeat(22), 'x'.repeat(9000), 'text/plain')), {
      now: () => new Date(),
    });
    expect(response).toEqual(await ask('POST', 'Z'.repeat(22)));
  });
});

describe('a link that can be used', () => {
  test.each(['GET', 'HEAD'])('%s shows and changes nothing, however often', async (method) => {
    const incident = await openIncident(table);
    const token = await issue(incident);
    for (let times = 0; times < 3; times++) {
      const response = await ask(method, token);
      expect(response.statusCode).toBe(200);
      if (method === 'HEAD') expect(body(response)).toBe('');
      else expect(body(response)).toMatch(/<form method="post">[^]*name="name"/);
    }
    expect(await getIncident(table, incident.id)).toEqual(incident);
    expect((await ask('POST', token)).statusCode).toBe(200);
  });

  test('POST acknowledges with a name, once, and says by which page', async () => {
    const incident = await openIncident(table);
    const token = await issue(incident);
    const response = await ask('POST', token, 'Alice Example');
    expect(response.statusCode).toBe(200);
    expect(body(response)).toContain('acknowledged by Alice Example');
    expect(body(response)).not.toContain('<form');
    expect((await getIncident(table, incident.id))?.acknowledgement).toMatchObject({
      by: 'Alice Example',
      how: 'link',
    });
    expect((await readTimeline(table, incident.id)).at(-1)).toMatchObject({
      kind: 'acknowledged',
      by: 'Alice Example',
      details: { pageId: 'pag-1', level: 'First', recipient: 'SMS +49***67' },
    });
    expect((await ask('POST', token, 'Alice Example')).statusCode).toBe(404);
  });

  test('the second person learns who was first, and changes nothing', async () => {
    const incident = await openIncident(table);
    const [first, second] = [await issue(incident), await issue(incident)];
    await ask('POST', first, 'Alice');
    expect(body(await ask('GET', second))).toContain('acknowledged by Alice');
    expect(body(await ask('GET', second))).not.toContain('<form');
    const response = await ask('POST', second, 'Bob');
    expect(response.statusCode).toBe(200);
    expect(body(response)).toContain('acknowledged by Alice');
    expect(body(response)).not.toContain('Bob');
    expect((await getIncident(table, incident.id))?.acknowledgement?.by).toBe('Alice');
    expect((await ask('GET', second)).statusCode).toBe(404);
  });

  test('pressed by many at once, one acknowledges', async () => {
    const incident = await openIncident(table);
    const tokens = await Promise.all(Array.from({ length: 5 }, () => issue(incident)));
    const one = tokens[0] ?? '';
    const responses = await Promise.all([...tokens, one, one].map((token, i) => ask('POST', token, `Person ${i}`)));
    expect(responses.map(({ statusCode }) => statusCode).filter((status) => status === 200)).toHaveLength(5);
    const records = (await readTimeline(table, incident.id)).filter(({ kind }) => kind === 'acknowledged');
    expect(records).toHaveLength(1);
  });

  test('of an incident that was merged is about the one that goes on for it, and acknowledges that', async () => {
    const survivor = await openIncident(table, { title: 'Keys of mallory' });
    const between = await openIncident(table, { status: 'merged', mergedInto: survivor.id });
    const incident = await openIncident(table, { status: 'merged', mergedInto: between.id });
    const token = await issue(incident);
    const shown = body(await ask('GET', token));
    expect(shown).toContain(survivor.id);
    expect(shown).toMatch(/<form method="post">[^]*name="name"/);
    expect(body(await ask('POST', token, ' '))).toMatch(/role="alert"/);

    expect(body(await ask('POST', token, 'Alice'))).toContain('acknowledged by Alice');
    expect((await getIncident(table, survivor.id))?.acknowledgement).toMatchObject({ by: 'Alice', how: 'link' });
    expect((await getIncident(table, incident.id))?.acknowledgement).toBeUndefined();
    expect((await ask('GET', token)).statusCode).toBe(404);
  });

  test('of a closed incident acknowledges nothing', async () => {
    const incident = await openIncident(table, { status: 'closed' });
    const token = await issue(incident);
    expect(body(await ask('GET', token))).not.toContain('<form');
    expect(body(await ask('POST', token))).toContain('closed');
    expect(await getIncident(table, incident.id)).toEqual(incident);
  });

  test.each<[string, number, APIGatewayProxyEventV2['body'], string, boolean]>([
    ['no name', 400, 'name=', FORM, false],
    ['a name of spaces', 400, 'name=%20%0a%09', FORM, false],
    ['no field of that name', 400, 'x=1', FORM, false],
    ['a body of another type', 415, '{"name":"Alice"}', 'application/json', false],
    ['a body that is too large', 413, `name=${'x'.repeat(5000)}`, FORM, false],
    ['a base64 body that is too large', 413, `name=${'x'.repeat(5000)}`, FORM, true],
  ])('with %s it answers %i, and the form again, and stays usable', async (_, status, sent, type, base64) => {
    const incident = await openIncident(table);
    const token = await issue(incident);
    const response = await answer(table, decodeRequest(event('POST', token, sent, type, base64)), {
      now: () => new Date(),
    });
    expect(response.statusCode).toBe(status);
    expect(body(response)).toMatch(/role="alert"[^]*<form|<form[^]*role="alert"/);
    expect(await getIncident(table, incident.id)).toEqual(incident);
    expect((await ask('POST', token)).statusCode).toBe(200);
  });

  test('takes a form that API Gateway passed on in base64', async () => {
    const incident = await openIncident(table);
    const token = await issue(incident);
    const request = decodeRequest(
      event('POST', token, 'name=Zo%C3%AB+M.', 'application/x-www-form-urlencoded; charset=UTF-8', true),
    );
    await answer(table, request, { now: () => new Date() });
    expect((await getIncident(table, incident.id))?.acknowledgement?.by).toBe('Zoë M.');
  });

  test('neither titles nor names become markup', async () => {
    const hostile = '"><script>alert(1)</script>\u202e<img src=x>';
    const incident = await openIncident(table, { title: hostile, region: hostile, account: hostile });
    const token = await issue(incident);
    for (const response of [await ask('GET', token), await ask('POST', token, hostile)]) {
      expect(response.statusCode).toBe(200);
      expect(body(response)).not.toMatch(/<script|<img|\u202e/);
      expect(body(response)).toContain('&lt;script&gt;');
    }
    const name = (await getIncident(table, incident.id))?.acknowledgement?.by ?? '';
    expect(name).not.toContain('\u202e');
  });

  test('a name is cut', async () => {
    const incident = await openIncident(table);
    await ask('POST', await issue(incident), 'x'.repeat(1000));
    expect((await getIncident(table, incident.id))?.acknowledgement?.by.length).toBeLessThan(120);
  });
});

test('every answer forbids scripts, frames, caches and referrers', async () => {
  const incident = await openIncident(table);
  const token = await issue(incident);
  for (const response of [await ask('GET', token), await ask('GET', 'x'), await ask('POST', token)]) {
    expect(response.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
      ),
    });
    expect(body(response)).toMatch(/^<!doctype html>[^]*<html lang="en">[^]*<title>[^<]+<\/title>/);
  }
});

test('the command line acknowledges by the same rules', async () => {
  const incident = await openIncident(table);
  await expect(acknowledge(table, incident.id, { by: ' ', how: 'command-line' })).rejects.toThrow(/needs a name/);
  await expect(acknowledge(table, incident.id, { by: 'Alice', how: 'command-line' })).resolves.toMatchObject({
    outcome: 'acknowledged',
  });
  await expect(acknowledge(table, incident.id, { by: 'Bob', how: 'command-line' })).resolves.toMatchObject({
    outcome: 'already-acknowledged',
    incident: { acknowledgement: { by: 'Alice' } },
  });
  await expect(acknowledge(table, 'inc-none', { by: 'Bob', how: 'command-line' })).rejects.toThrow(/does not exist/);
});
