import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { buildReport, type ReportInput } from '../../lambdas/report/writer/build-report';
import { renderHtml } from '../../lambdas/report/writer/render-html';
import { HOSTILE } from '../report/hostile';
import { sampleInput } from '../report/sample-incident';
import { findChromium, MISSING, startChromium } from './chromium';

jest.setTimeout(60_000);

const DESKTOP = { width: 1280, height: 1000 };
const PHONE = { width: 390, height: 844 };

const executable = findChromium();
if (executable === undefined) {
  // Elsewhere it is a choice to go without a browser; in CI it is a mistake.
  if (process.env['CI']) throw new Error(MISSING);
  console.warn(`${MISSING}. Tests in a browser are skipped.`);
}
const inBrowser = executable === undefined ? describe.skip : describe;

const folder = mkdtempSync(join(tmpdir(), 'firebreak-report-'));
let browser: Browser;
beforeAll(async () => {
  if (executable !== undefined) browser = await startChromium(executable);
});
afterAll(async () => {
  if (executable !== undefined) await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Opened {
  readonly page: Page;
  /** Everything that the page asked for, but itself. */
  readonly requests: string[];
  readonly dialogs: string[];
}

async function open(html: string, view: { viewport: typeof DESKTOP; dark?: boolean; scale?: number }): Promise<Opened> {
  const file = join(folder, `${Math.random().toString(36).slice(2)}.html`);
  writeFileSync(file, html);
  const page = await browser.newPage({
    viewport: view.viewport,
    colorScheme: view.dark ? 'dark' : 'light',
    deviceScaleFactor: view.scale ?? 1,
  });
  const url = pathToFileURL(file).href;
  const requests: string[] = [];
  const dialogs: string[] = [];
  page.on('request', (request) => request.url() !== url && requests.push(request.url()));
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await page.goto(url, { waitUntil: 'load' });
  return { page, requests, dialogs };
}

const everything = HOSTILE.map(({ text }) => text).join(' ');
const hostileInput = sampleInput({
  userAgent: everything,
  userName: everything.slice(0, 400),
  title: everything.slice(0, 150),
});
const hostile = renderHtml(buildReport(hostileInput));
const calm = renderHtml(buildReport(sampleInput()));
/** As drills/firebreak.yaml has it written. */
const drilled = renderHtml(
  buildReport({ ...sampleInput(), exercise: 'A drill of Firebreak on the embedded AWS, nothing here is real' }),
);
/** As long as it may be, in one word. */
const rehearsed = renderHtml(buildReport({ ...sampleInput(), exercise: 'W'.repeat(120) }));

function openIncident(): ReportInput {
  const input = sampleInput();
  const timeline = input.timeline.slice(0, 16);
  const { acknowledgement, closedAt, ...incident } = input.incident;
  return {
    ...input,
    timeline,
    final: false,
    anchors: [],
    incident: {
      ...incident,
      status: acknowledgement && closedAt ? 'open' : 'closed',
      timelineLength: 16,
      timelineHash: timeline.at(-1)?.hash ?? '',
    },
    containments: input.containments.map(({ containment, actions }, index) => ({
      containment: {
        ...containment,
        status: index === 0 ? 'failed' : 'containing',
        reason: 'AccessDenied by a policy',
      },
      actions,
    })),
  };
}

inBrowser('the report page', () => {
  test('runs no script and asks for nothing, whatever attackers wrote', async () => {
    const { page, requests, dialogs } = await open(hostile, { viewport: DESKTOP });
    const before = await page.title();
    await page.mouse.move(600, 400);
    await page.waitForTimeout(300);
    expect(requests).toEqual([]);
    expect(dialogs).toEqual([]);
    expect(await page.title()).toBe(before);
    expect(before).not.toBe('owned');
    expect(
      await page.locator('script, img, iframe, object, embed, form, a[href^="http"], a[href^="javascript"]').count(),
    ).toBe(0);
    await page.close();
  });

  test('would run no script even if one came through', async () => {
    const holed = hostile.replace(
      '</main>',
      '<script>document.title="owned"</script><img src="https://evil.example/x.png" onerror="document.title=\'owned\'"><style>body{display:none}</style><p style="position:fixed">x</p></main>',
    );
    const { page, requests } = await open(holed, { viewport: DESKTOP });
    await page.waitForTimeout(300);
    expect(await page.title()).not.toBe('owned');
    // The browser says that it wanted to load the picture, and that the policy did not let it.
    expect(requests.filter((url) => !url.startsWith('https://evil.example'))).toEqual([]);
    expect(await page.evaluate('getComputedStyle(document.body).display')).toBe('block');
    await page.close();
  });

  test('is styled: its own policy lets its own style sheet in', async () => {
    const { page } = await open(calm, { viewport: DESKTOP });
    expect(await page.evaluate('getComputedStyle(document.querySelector(".severity")).backgroundColor')).toBe(
      'rgb(160, 29, 23)',
    );
    await page.close();
  });

  describe.each([
    ['calm', calm],
    ['hostile', hostile],
    ['of an exercise', rehearsed],
    ['open and failing', renderHtml(buildReport(openIncident()))],
  ])('%s', (_name, html) => {
    test.each([
      ['desktop', { viewport: DESKTOP }],
      ['phone', { viewport: PHONE }],
      ['desktop, dark', { viewport: DESKTOP, dark: true }],
      ['phone, dark', { viewport: PHONE, dark: true }],
    ])('is accessible and fits: %s', async (_view, view) => {
      const { page } = await open(html, view);
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
      const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
      expect(overflow).toBeLessThanOrEqual(0);
      await page.close();
    });
  });

  test('shows first of all that it is of an exercise', async () => {
    const { page } = await open(rehearsed, { viewport: PHONE });
    const banner = page.getByRole('note').first();
    expect(await banner.innerText()).toMatch(/^EXERCISE: W+$/);
    expect((await banner.boundingBox())?.y).toBeLessThan(40);
    expect(await page.title()).toMatch(/^EXERCISE: /);
    await page.close();
  });

  test('prints', async () => {
    const { page } = await open(calm, { viewport: DESKTOP });
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.length).toBeGreaterThan(20_000);
    await page.close();
  });

  test('can be shown in pictures', async () => {
    const out = resolve(process.env['FIREBREAK_SCREENSHOTS'] ?? join(folder, 'pictures'));
    mkdirSync(out, { recursive: true });
    for (const [name, viewport] of [
      ['report.png', { width: 1280, height: 1380 }],
      ['report-phone.png', { width: 390, height: 844 }],
    ] as const) {
      const { page } = await open(drilled, { viewport, scale: 1.5 });
      const picture = await page.screenshot({ path: join(out, name) });
      expect(picture.length).toBeGreaterThan(10_000);
      await page.close();
    }
  });
});
