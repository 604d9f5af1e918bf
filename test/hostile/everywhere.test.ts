import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { textLine } from '../../cli/hunt/found';
import { show } from '../../lambdas/escalate/acknowledge/pages';
import type { PageContent } from '../../lambdas/escalate/page/content';
import { emailPage } from '../../lambdas/escalate/page/email';
import { pagerDutyPage } from '../../lambdas/escalate/page/pager-duty';
import { slackPage } from '../../lambdas/escalate/page/slack';
import { smsPage } from '../../lambdas/escalate/page/sms';
import { teamsPage } from '../../lambdas/escalate/page/teams';
import { webhookPage } from '../../lambdas/escalate/page/webhook';
import { canaryEvent, makeEvent } from '../../lambdas/report/publisher/make-event';
import { ACCOUNT, sampleAlert, user } from '../samples/alert';
import { pointAwsAt, runCli } from '../cli/run-cli';
import { CONTAINMENT_ID, INCIDENT_ID, sampleContainment, sampleIncident, sampleRecord } from '../cli/sample';
import { StubAws } from '../cli/stub-aws';
import { LINK, samplePage } from '../escalate/sample-page';
import { sampleUpdate } from '../escalate/sample-update';
import { updateMessage } from '../../lambdas/escalate/update/update-message';
import { CLICKABLE, INVISIBLE, TEXTS, wellFormed } from './texts';

const entityOf = (id: string) => user('x', { id });

/** Every place of a page that somebody else writes into. */
const PAGE_FIELDS: Readonly<Record<string, (text: string) => Partial<PageContent>>> = {
  'finding title': (title) => ({ title }),
  'user name': (text) => ({ entities: [entityOf(text)] }),
  'instance name': (text) => ({
    containments: samplePage().containments.map((line) => ({ ...line, target: { ...line.target, id: text } })),
  }),
  'error message': (reason) => ({ containments: samplePage().containments.map((line) => ({ ...line, reason })) }),
  note: (text) => ({ news: [text, text] }),
  account: (account) => ({ account }),
};

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(texts);
}

interface Output {
  /** Everything that a person is shown. */
  readonly shown: (page: PageContent) => readonly string[];
  /** The whole, as it is sent, and its limit in bytes. */
  readonly sent: (page: PageContent) => string;
  readonly atMost: number;
}

const OUTPUTS: Readonly<Record<string, Output>> = {
  'e-mail': {
    shown: (page) => [emailPage(page).subject, emailPage(page).text],
    sent: (page) => emailPage(page).text,
    atMost: 256 * 1024,
  },
  // Cut into parts by SNS; 1,600 characters is the most that it takes.
  SMS: { shown: (page) => [smsPage(page)], sent: smsPage, atMost: 1_600 },
  webhook: {
    // Ids are for machines, and exact but for what cannot be seen.
    shown: (page) => {
      const { containments, ...rest } = webhookPage({ ...page, entities: [], account: '' });
      return texts([rest, containments.map(({ reason, words }) => [reason ?? '', words])]);
    },
    sent: (page) => JSON.stringify(webhookPage(page)),
    atMost: 256 * 1024,
  },
  Slack: {
    // Our own zero-width marks keep its markup apart.
    shown: (page) => texts(slackPage(page)).map((text) => text.replaceAll('\u200b', '')),
    sent: (page) => JSON.stringify(slackPage(page)),
    atMost: 40_000,
  },
  Teams: { shown: (page) => texts(teamsPage(page)), sent: (page) => JSON.stringify(teamsPage(page)), atMost: 28_672 },
  PagerDuty: {
    shown: (page) => texts(pagerDutyPage(page)),
    sent: (page) => JSON.stringify(pagerDutyPage(page)),
    atMost: 524_288,
  },
};

const cases = Object.keys(OUTPUTS).flatMap((output) =>
  Object.keys(PAGE_FIELDS).map((field) => [output, field] as const),
);

describe.each(cases)('in %s, %s', (name, field) => {
  const output = OUTPUTS[name];
  const place = PAGE_FIELDS[field];
  if (output === undefined || place === undefined) throw new Error('the table has a hole');

  test.each(TEXTS)('with $what is harmless', ({ text }) => {
    const page = samplePage(place(text));

    for (const shown of output.shown(page)) {
      const theirs = shown.replaceAll(LINK, '');
      expect(theirs).not.toMatch(INVISIBLE);
      expect(theirs).not.toMatch(CLICKABLE);
      expect(theirs).not.toMatch(/[<>]/);
      expect(wellFormed(theirs)).toBe(true);
    }
    expect(output.sent(page)).toContain(LINK);
    expect(Buffer.byteLength(output.sent(page))).toBeLessThanOrEqual(output.atMost);
  });
});

describe('an update for stakeholders', () => {
  test.each(TEXTS)('with $what in every field is harmless in every medium, and has nothing to click', ({ text }) => {
    const message = updateMessage(sampleUpdate(text));
    const { slack, teams, json, email } = message;
    const { incidents, ...rest } = JSON.parse(json) as { incidents: Record<string, unknown>[] };
    // Ids, accounts and times are for machines, and exact but for what cannot be seen.
    const forPeople = incidents.map(({ title, news, standing, containments }) => [
      title,
      (news as { text: string }[]).map(({ text: said }) => said),
      standing,
      containments,
    ]);
    const shown = [
      ...texts(slack).map((one) => one.replaceAll('\u200b', '')),
      ...texts(teams).filter((one) => one !== 'http://adaptivecards.io/schemas/adaptive-card.json'),
      ...texts([rest, forPeople]),
      email.subject,
      email.text,
    ];

    for (const one of shown) {
      expect(one).not.toMatch(INVISIBLE);
      expect(one).not.toMatch(CLICKABLE);
      expect(one).not.toMatch(/[<>]/);
      expect(wellFormed(one)).toBe(true);
    }
    expect(email.subject).toMatch(/^[ -~]{1,100}$/);
    expect(Buffer.byteLength(JSON.stringify(teams))).toBeLessThanOrEqual(28_672);
    expect(Buffer.byteLength(JSON.stringify(slack))).toBeLessThanOrEqual(40_000);
    expect(Buffer.byteLength(json)).toBeLessThanOrEqual(256 * 1024);
    expect(Buffer.byteLength(email.text)).toBeLessThanOrEqual(256 * 1024);
  });
});

/** Names of elements and attributes, in order, with no text. */
function tagsOf(page: string): string[] {
  return Array.from(page.matchAll(/<\/?[a-z0-9]+|\s[a-z-]+="/gi), ([tag]) => tag.trim());
}

describe('the page behind a link', () => {
  const FIELDS: Readonly<Record<string, (text: string) => Parameters<typeof sampleIncident>[0]>> = {
    'finding title': (title) => ({ title }),
    account: (account) => ({ account, title: 'x' }),
    'approver name': (by) => ({ title: 'x', acknowledgement: { by, at: '2026-11-21T03:00:00Z', how: 'link' } }),
  };

  test.each(Object.keys(FIELDS).flatMap((field) => TEXTS.map(({ what, text }) => [field, what, text] as const)))(
    'shows %s with %s as text and nothing else',
    (field, _what, text) => {
      const render = (value: string) => show({ incident: sampleIncident(FIELDS[field]?.(value)) });
      const page = render(text);

      expect(tagsOf(page)).toEqual(tagsOf(render('harmless')));
      expect(page).not.toMatch(INVISIBLE);
      expect(wellFormed(page)).toBe(true);
      expect(page.length).toBeLessThan(20_000);
    },
  );
});

describe('a terminal', () => {
  let aws: StubAws;
  let cwd = '';
  const env = { ...process.env };
  beforeAll(async () => {
    aws = await StubAws.start();
    pointAwsAt(aws.endpoint);
    aws.outputs = { FirebreakQueryFunction: 'query', FirebreakRespondFunction: 'respond' };
    cwd = mkdtempSync(join(tmpdir(), 'firebreak-hostile-'));
    writeFileSync(
      join(cwd, 'firebreak.yaml'),
      `account: '${ACCOUNT}'
sources: { guardDuty: true }
escalationChains:
  - name: on-call
    levels: [{ name: first, acknowledgeWithin: 5m, recipients: [{ email: first@example.com }] }]
responsePlans:
  - { name: users, when: { entityKinds: [user] }, runbooks: [{ runbook: disable-access-key, contains: actor }] }
`,
    );
  });
  afterAll(async () => {
    process.env = env;
    rmSync(cwd, { recursive: true });
    await aws.stop();
  });

  test.each(TEXTS)('shows an incident with $what in every field as lines of text', async ({ text }) => {
    const incident = sampleIncident({
      title: text,
      entities: [entityOf(text)],
      acknowledgement: { by: text, at: '2026-11-21T03:00:00Z', how: 'link' },
    });
    const containment = sampleContainment({ reason: text, target: { ...sampleContainment().target, id: text } });
    const action = { status: 'failed', action: 'deny-all', detail: text };
    const view = {
      incident,
      timeline: [sampleRecord(1, 'note', text)],
      alerts: [],
      containments: [{ containment, actions: [action] }],
      merged: [],
    };
    aws.functions.set('query', ({ op }) => ({ ok: true, value: op === 'list' ? [incident] : view }));

    for (const line of [
      ['incident', 'show', INCIDENT_ID],
      ['incident', 'list'],
    ]) {
      const { code, out } = await runCli(line);
      expect(code).toBe(0);
      expect(out).not.toMatch(INVISIBLE);
      expect(wellFormed(out)).toBe(true);
      // One line for one thing: none is forged.
      expect(out.split('\n').filter((row) => /^(SEV4|Subject|Bcc)/.test(row))).toEqual([]);
      expect(out.length).toBeLessThan(20_000);
    }
    const { out } = await runCli(['incident', 'show', INCIDENT_ID]);
    expect(out).toContain(CONTAINMENT_ID);
  });

  test.each(TEXTS)('is told by plan explain of an alert with $what', async ({ text }) => {
    const entities = [entityOf(text.slice(0, 2048))];
    const alert = sampleAlert({ title: text, rule: text.slice(0, 150), entities });
    writeFileSync(join(cwd, 'alert.json'), JSON.stringify(alert));
    const { out, err } = await runCli(['plan', 'explain', 'alert.json'], { cwd });

    expect(`${out}${err}`).not.toBe('');
    expect(`${out}${err}`).not.toMatch(INVISIBLE);
    expect(`${out}${err}`.length).toBeLessThan(10_000);
  });

  test.each(TEXTS)('is told by hunt of an event with $what in one line', ({ text }) => {
    const line = textLine({
      rule: { id: 'r', title: text, level: 'high', file: 'r.yml' },
      event: { id: text, time: text, index: 0, file: 'f' },
      entities: [entityOf(text)],
      because: [{ path: 'userAgent', op: 'contains', value: 'x', actual: text }],
    });

    expect(line.split('\n')).toHaveLength(2);
    expect(line.replaceAll('\t', ' ')).not.toMatch(INVISIBLE);
    expect(line.split('\t')).toHaveLength(7);
    expect(line.length).toBeLessThan(8_000);
  });
});

test.each(TEXTS)('the bus carries a note with $what as one short line', ({ text }) => {
  const incident = sampleIncident({ title: text });
  const event = makeEvent({ ...sampleRecord(1, 'note', text), by: text }, incident);
  const { text: told, by, title } = JSON.parse(event?.Detail ?? '') as Record<string, string>;

  for (const shown of [told, by, title]) {
    expect(shown).not.toMatch(INVISIBLE);
    expect(shown).not.toContain('\n');
  }
  expect(event?.Detail.length).toBeLessThan(20_000);
});

test('the event of a canary says nothing that anybody wrote', () => {
  expect(JSON.parse(canaryEvent('f'.repeat(64)).Detail)).toEqual({ schemaVersion: 1, canary: 'f'.repeat(64) });
});
