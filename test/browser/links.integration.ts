import { createServer, type Server } from 'node:http';
import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { answer as acknowledgeLink } from '../../lambdas/escalate/acknowledge/answer';
import { answer as approveLink } from '../../lambdas/escalate/approve/answer';
import { decodeRequest, type LinkRequest } from '../../lambdas/escalate/links/request';
import { getApproval } from '../../lambdas/shared/store/approvals';
import { getIncident } from '../../lambdas/shared/store/incidents';
import { issueToken, type TokenRecord } from '../../lambdas/shared/store/tokens';
import type { Table } from '../../lambdas/shared/store/table';
import type { Approval } from '../../lib/model/approval';
import type { Incident } from '../../lib/model/incident';
import { embeddedAws } from '../embedded/aws';
import { openIncident, ownTable } from '../escalate/own-store';
import { askFor, sampleApproval } from '../escalate/sample-approval';
import { HOSTILE } from '../report/hostile';
import { findChromium, MISSING, startChromium } from './chromium';

jest.setTimeout(60_000);

const executable = findChromium();
if (executable === undefined) {
  // Elsewhere it is a choice to go without a browser; in CI it is a mistake.
  if (process.env['CI']) throw new Error(MISSING);
  console.warn(`${MISSING}. Tests in a browser are skipped.`);
}
const inBrowser = executable === undefined ? describe.skip : describe;

const PHONE = { width: 360, height: 740 };
const EVERYTHING = HOSTILE.map(({ text }) => text).join(' ');

/** The two endpoints behind the links, as API Gateway calls them, over HTTP. */
class Endpoint {
  #table: Table | undefined;
  readonly requests: string[] = [];
  exercise?: string;
  readonly #server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const method = request.method ?? 'GET';
      const path = request.url ?? '/';
      this.requests.push(`${method} ${path.slice(0, 3)}`);
      const event = {
        rawPath: path,
        headers: request.headers,
        requestContext: { http: { method } },
        isBase64Encoded: true,
        body: Buffer.concat(chunks).toString('base64'),
      } as unknown as APIGatewayProxyEventV2;
      void this.#answer(path, decodeRequest(event, 8192)).then(({ statusCode, headers, body }) => {
        response.writeHead(statusCode ?? 200, headers as Record<string, string>).end(body);
      });
    });
  });

  #answer(path: string, request: LinkRequest): Promise<APIGatewayProxyStructuredResultV2> {
    const now = () => new Date();
    if (path.startsWith('/a/')) return acknowledgeLink(this.table, request, { now, exercise: this.exercise });
    return approveLink({ table: this.table, now, exercise: this.exercise, wake: () => Promise.resolve() }, request);
  }

  get table(): Table {
    if (!this.#table) throw new Error('the endpoint was not started');
    return this.#table;
  }

  async start(): Promise<void> {
    this.#table = await ownTable(embeddedAws());
    await new Promise<void>((ready) => this.#server.listen(0, '127.0.0.1', ready));
  }
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }
}

interface Link {
  readonly url: string;
  readonly state: () => Promise<{ readonly incident: Incident | undefined; readonly approval: Approval | undefined }>;
}

const endpoint = new Endpoint();
let browser: Browser;
beforeAll(async () => {
  if (executable === undefined) return;
  await endpoint.start();
  browser = await startChromium(executable);
});
afterAll(async () => {
  if (executable === undefined) return;
  await browser.close();
  await endpoint.stop();
});

/** A link to one of the two pages, about an incident of its own. */
async function link(page: 'acknowledge' | 'approve', { hostile = false, expired = false } = {}): Promise<Link> {
  const { table } = endpoint;
  const incident = await openIncident(table, hostile ? { title: EVERYTHING, account: EVERYTHING.slice(0, 90) } : {});
  const approval = await askFor(table, incident, sampleApproval({}, hostile ? EVERYTHING.slice(0, 2000) : undefined));
  const { id: approvalId, containmentId, planHash } = approval;
  const ask: Omit<TokenRecord, 'hash' | 'usedAt'> = {
    purpose: page,
    incidentId: incident.id,
    pageId: 'pag-1',
    level: 'First',
    recipient: 'a***@example.com',
    expiresAt: Math.floor(Date.now() / 1000) + (expired ? -1 : 3600),
    ...(page === 'approve' && { approves: { approvalId, containmentId, planHash, recipientId: 'email-a' } }),
  };
  const token = await issueToken(table, ask);
  return {
    url: `${endpoint.url}/${page === 'approve' ? 'p' : 'a'}/${token}`,
    state: async () => ({
      incident: await getIncident(table, incident.id),
      approval: await getApproval(table, approvalId),
    }),
  };
}

interface View {
  readonly javaScript?: boolean;
  readonly dark?: boolean;
  readonly desktop?: boolean;
}

async function open(
  url: string,
  { javaScript = true, dark = false, desktop = false }: View = {},
): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser.newContext({
    viewport: desktop ? { width: 1280, height: 900 } : PHONE,
    javaScriptEnabled: javaScript,
    colorScheme: dark ? 'dark' : 'light',
    isMobile: !desktop,
    hasTouch: !desktop,
  });
  const page = await context.newPage();
  await page.goto(url, { waitUntil: 'load' });
  return { page, context };
}

async function fill(
  page: Page,
  kind: 'acknowledge' | 'approve',
  decision: 'Approve' | 'Decline' = 'Approve',
): Promise<void> {
  await page.getByLabel('Your name').fill('Ada Lovelace');
  if (kind === 'acknowledge') return page.getByRole('button', { name: 'I take care of it' }).click();
  await page.getByLabel('Why', { exact: true }).fill('he is not one of ours');
  await page.getByRole('radio', { name: new RegExp(`^${decision}`) }).check();
  await page.getByRole('button', { name: 'Send the decision' }).click();
}

const PAGES = ['acknowledge', 'approve'] as const;

inBrowser('behind the links in pages', () => {
  describe.each(PAGES)('the page to %s', (kind) => {
    const decided = (at: Awaited<ReturnType<Link['state']>>) =>
      kind === 'acknowledge' ? at.incident?.acknowledgement?.by : at.approval?.decision?.by;

    test('is not acted upon by a scanner that asks for it, follows everything in it, and renders it', async () => {
      const { url, state } = await link(kind);
      const before = await state();
      for (const method of ['GET', 'HEAD', 'GET']) await fetch(url, { method });
      // As browsers and mail programs prefetch and prerender.
      await fetch(url, { headers: { 'sec-purpose': 'prefetch;prerender', purpose: 'prefetch' } });
      const { page, context } = await open(url);
      expect(await page.locator('[href], [src], [action]').count()).toBe(0);
      await page.reload();
      await page.goBack().catch(() => undefined);
      await context.close();
      expect(await state()).toEqual(before);
    });

    test.each([
      ['forged', () => Promise.resolve(`${endpoint.url}/${kind === 'approve' ? 'p' : 'a'}/${'A'.repeat(22)}`)],
      ['altered', async () => (await link(kind)).url.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))],
      ['expired', async () => (await link(kind, { expired: true })).url],
      [
        'of the other purpose',
        async () =>
          (await link(kind === 'approve' ? 'acknowledge' : 'approve')).url.replace(
            /\/[ap]\//,
            kind === 'approve' ? '/p/' : '/a/',
          ),
      ],
      [
        'used',
        async () => {
          const { url } = await link(kind);
          const { page, context } = await open(url);
          await fill(page, kind);
          await context.close();
          return url;
        },
      ],
    ])('refuses a link that is %s, and looks like every other refusal', async (_, make) => {
      const { page, context } = await open(await make());
      const shown = await page.content();
      await page.goto(`${endpoint.url}/${kind === 'approve' ? 'p' : 'a'}/nothing`);
      expect(shown).toBe(await page.content());
      expect(await page.getByRole('heading').textContent()).toBe('This link is not valid');
      await context.close();
    });

    test.each([[true], [false]])('acts on a form that is sent, with JavaScript: %s', async (javaScript) => {
      const { url, state } = await link(kind);
      const { page, context } = await open(url, { javaScript });
      await fill(page, kind);
      await page
        .getByText(/Ada Lovelace/)
        .first()
        .waitFor();
      expect(await page.locator('form').count()).toBe(0);
      await context.close();
      expect(decided(await state())).toBe('Ada Lovelace');
    });

    test('sends nothing before the form is complete', async () => {
      const { url, state } = await link(kind);
      const { page, context } = await open(url);
      const posts = () => endpoint.requests.filter((request) => request.startsWith('POST')).length;
      const before = posts();
      await page.getByRole('button').click();
      await page.waitForTimeout(200);
      expect(posts()).toBe(before);
      await context.close();
      expect(decided(await state())).toBeUndefined();
    });

    describe.each([[false], [true]])('hostile: %s', (hostile) => {
      test.each<[string, View]>([
        ['phone', {}],
        ['phone, dark', { dark: true }],
        ['desktop', { desktop: true }],
      ])('is accessible, fits and runs nothing: %s', async (name, view) => {
        const { url } = await link(kind, { hostile });
        const { page, context } = await open(url, view);
        const asked: string[] = [];
        page.on('request', (request) => asked.push(request.url()));
        expect(await page.title()).not.toBe('owned');
        expect(
          await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth'),
        ).toBeLessThanOrEqual(0);
        expect(await page.locator('script, img, svg, iframe, object, embed, a, h1 *').count()).toBe(0);
        await page.waitForTimeout(100);
        expect(asked).toEqual([]);
        await scan(page);
        const folder = process.env['FIREBREAK_SCREENSHOTS'];
        if (folder !== undefined && folder !== '') {
          mkdirSync(resolve(folder), { recursive: true });
          const file = `${kind}-${hostile ? 'hostile-' : ''}${name.replace(/\W+/g, '-')}.png`;
          await page.screenshot({ path: resolve(folder, file), fullPage: true });
        }
        await context.close();
      });
    });

    test.each<[string, View]>([
      ['phone', {}],
      ['desktop, dark', { desktop: true, dark: true }],
    ])('says first that it is of an exercise, before and after it is acted upon: %s', async (_, view) => {
      endpoint.exercise = 'W'.repeat(120);
      try {
        const { url } = await link(kind, { hostile: true });
        const { page, context } = await open(url, view);
        const seen = async () => {
          expect(await page.locator('main > *').first().innerText()).toBe(`EXERCISE: ${'W'.repeat(120)}`);
          expect(await page.title()).toMatch(/^EXERCISE: /);
          expect(
            await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth'),
          ).toBeLessThanOrEqual(0);
          await scan(page);
        };
        await seen();
        await fill(page, kind);
        await page
          .getByText(/Ada Lovelace/)
          .first()
          .waitFor();
        await seen();
        await context.close();
      } finally {
        endpoint.exercise = undefined;
      }
    });

    test('is accessible when something is missing, when it is done, and when the link is not valid', async () => {
      const { url } = await link(kind);
      const { page, context } = await open(url);
      await page.evaluate("document.querySelector('form').noValidate = true");
      await page.getByRole('button').click();
      await page.getByRole('alert').waitFor();
      await scan(page);
      await fill(page, kind, 'Decline');
      await page
        .getByText(/Ada Lovelace/)
        .first()
        .waitFor();
      await scan(page);
      await page.goto(url);
      await scan(page);
      await context.close();
    });
  });
});

/** Through the page's own policy, which lets no script in: axe is run by the debugger. */
async function scan(page: Page): Promise<void> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}
