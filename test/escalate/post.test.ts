import { createHmac } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { postJson as post, WebhookError } from '../../lambdas/escalate/send/post';
import { signatureHeaders } from '../../lambdas/escalate/send/signature';
import { type Receiver, startReceiver } from './receiver';

/** As it is, but for the pauses between tries. */
const postJson = (url: string, body: string, headers = {}) => post(url, body, headers, [1, 1]);

describe('a webhook', () => {
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(() => receiver.close());

  test('gets JSON with a signature that it can check', async () => {
    const body = JSON.stringify({ type: 'page', title: 'größer' });
    const now = new Date('2026-11-21T03:12:47.900Z');
    await postJson(`${receiver.url}/in`, body, signatureHeaders('the shared secret', body, now));

    const [got] = receiver.received;
    expect(got).toMatchObject({ method: 'POST', path: '/in', body });
    expect(got?.headers).toMatchObject({ 'content-type': 'application/json', 'firebreak-timestamp': '1795230767' });
    // As a receiver would do it, from the documentation.
    const mine = createHmac('sha256', 'the shared secret').update(`v1:1795230767:${body}`).digest('hex');
    expect(got?.headers['firebreak-signature']).toBe(`v1=${mine}`);
  });

  test.each([400, 401, 403, 404, 410, 304])(
    'that answers %i did not take the page, and is not asked again',
    async (status) => {
      receiver.answers.push({ status });
      await expect(postJson(receiver.url, '{}')).rejects.toThrow(`answered ${status}`);
      expect(receiver.received).toHaveLength(1);
    },
  );

  test.each([429, 500, 503])('that answers %i is asked again', async (status) => {
    receiver.answers.push({ status }, { status });
    await postJson(receiver.url, '{}');
    expect(receiver.received).toHaveLength(3);
  });

  test('that stays busy has not taken it, after three tries', async () => {
    receiver.answers.push({ status: 503 }, { status: 503 }, { status: 503 });
    await expect(postJson(receiver.url, '{}')).rejects.toThrow('answered 503');
    expect(receiver.received).toHaveLength(3);
  });

  test.each([301, 302, 307, 308])('that redirects with %i is not followed', async (status) => {
    receiver.answers.push({ status, location: `${receiver.url}/elsewhere` });
    await expect(postJson(`${receiver.url}/in`, '{}')).rejects.toThrow(WebhookError);
    expect(receiver.received.map(({ path }) => path)).toEqual(['/in']);
  });

  test('its path, which may be a secret, is in no error', async () => {
    receiver.answers.push({ status: 404 });
    const error: unknown = await postJson(`${receiver.url}/services/SECRET`, '{}').catch((caught: unknown) => caught);
    expect(String(error)).toMatch(/^WebhookError: 127\.0\.0\.1:\d+ answered 404$/);
  });
});

test('a webhook that is not there is named by its host', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  await expect(postJson(`http://127.0.0.1:${port}/x`, '{}')).rejects.toThrow(
    `127.0.0.1:${port} could not be reached: ECONNREFUSED`,
  );
});
