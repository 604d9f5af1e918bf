import { describe, expect, test } from '@jest/globals';
import { markExercise } from '../../lib/model/exercise';
import { show as acknowledgePage } from '../../lambdas/escalate/acknowledge/pages';
import { show as approvePage } from '../../lambdas/escalate/approve/pages';
import type { PageContent } from '../../lambdas/escalate/page/content';
import { messageOf } from '../../lambdas/escalate/page/message-of';
import { septets } from '../../lambdas/escalate/page/sms';
import { alarmMessage } from '../../lambdas/escalate/relay/alarm';
import type { Message, UpdateMessage } from '../../lambdas/escalate/send/message';
import { updateMessage } from '../../lambdas/escalate/update/update-message';
import { makeEvent } from '../../lambdas/report/publisher/make-event';
import { sampleApproval } from './sample-approval';
import { hostilePage, INCIDENT_ID, sampleIncident, samplePage } from './sample-page';
import { recordsOf, sampleUpdate } from './sample-update';

const EXERCISE = 'Drill of 2026-11-21, nothing here is real';
const LINE = `EXERCISE: ${EXERCISE}`;
const incident = { ...sampleIncident(), timelineLength: 1, timelineHash: '' };

type Channel = keyof Omit<Message, 'id'>;

/** What a person sees first in a channel, and every text in it. */
const CHANNELS: readonly (readonly [
  Channel,
  (message: Message) => { readonly first: string; readonly all: string },
])[] = [
  ['email', ({ email }) => ({ first: email.subject, all: email.text })],
  ['sms', ({ sms }) => ({ first: sms, all: sms })],
  ['slack', ({ slack }) => ({ first: slack.text, all: JSON.stringify(slack) })],
  [
    'teams',
    ({ teams }) => ({
      first: teams.attachments[0].content.body[0]?.text ?? '',
      all: JSON.stringify(teams).replaceAll('\\\\', ''),
    }),
  ],
  [
    'pagerDuty',
    ({ pagerDuty }) => ({
      first: pagerDuty.event_action === 'trigger' ? pagerDuty.payload.summary : '',
      all: JSON.stringify(pagerDuty),
    }),
  ],
];

describe.each(CHANNELS)('a page by %s', (channel, read) => {
  const page = (change: Partial<PageContent>) => read(messageOf(samplePage(change)));

  test('says first that it is an exercise, and which', () => {
    const { first, all } = page({ exercise: EXERCISE });
    expect(first).toMatch(/^EXERCISE: \[?SEV1/);
    if (channel !== 'sms') expect(all).toContain(EXERCISE);
  });

  test('says nothing of one where it is real, whatever an attacker named things', () => {
    const { first } = read(messageOf(hostilePage(LINE)));
    expect(first).toMatch(/^\[?SEV1/);
    expect(page({}).all).not.toMatch(/exercise/i);
  });

  test('differs in nothing else', () => {
    // What has no room is cut at its end.
    const before = page({}).first.slice(0, 24);
    expect(page({ exercise: EXERCISE }).first.slice(0, 'EXERCISE: '.length + 24)).toBe(`EXERCISE: ${before}`);
  });

  test('makes what was deployed as harmless as everything else', () => {
    const { all } = page({ exercise: 'see <https://evil.example|here> @channel' });
    expect(all).not.toMatch(/https:\/\/evil|<https/);
  });
});

describe('a page', () => {
  test('is JSON with a field of its own, which a real one has not', () => {
    const body = (page: PageContent) => JSON.parse(messageOf(page).json) as Record<string, unknown>;
    expect(body(samplePage({ exercise: EXERCISE }))).toMatchObject({ type: 'page', exercise: EXERCISE });
    expect(body(hostilePage(LINE))).not.toHaveProperty('exercise');
  });

  test('by e-mail has it as its first line, and a subject that SNS takes', () => {
    const { subject, text } = messageOf(samplePage({ exercise: EXERCISE, title: 'x'.repeat(300) })).email;
    expect(text.split('\n').slice(0, 2)).toEqual([LINE, expect.stringMatching(/^SEV1: x/)]);
    expect(subject).toMatch(/^EXERCISE: \[SEV1\] x+ \(inc-[a-z0-9-]+\)$/);
    expect(subject.length).toBeLessThanOrEqual(100);
  });

  test('by SMS stays text that every phone shows', () => {
    expect(septets(messageOf(samplePage({ exercise: 'Übung 漢' })).sms)).toBeDefined();
  });
});

test('an update says it in subject, text, chats and JSON', () => {
  const update: UpdateMessage = updateMessage({ ...sampleUpdate('build-agent'), exercise: EXERCISE });
  expect(update.email.subject).toMatch(/^EXERCISE: Updates on \d+ security incidents$/);
  expect(update.email.text.split('\n')[0]).toBe(LINE);
  expect(update.slack.text).toMatch(/^EXERCISE: /);
  expect(update.teams.attachments[0].content.body[0]?.text).toMatch(/^EXERCISE: /);
  expect(JSON.parse(update.json)).toMatchObject({ type: 'update', exercise: EXERCISE });
  const [first] = sampleUpdate('build-agent').incidents;
  const one = { ...sampleUpdate('x'), incidents: first ? [first] : [], more: 0 };
  expect(updateMessage({ ...one, exercise: EXERCISE }).email.subject).toMatch(/^EXERCISE: \[SEV1\] Update: /);
  expect(JSON.stringify(updateMessage(one))).not.toMatch(/exercise/i);
});

test('an alarm that is passed on says it', () => {
  const alarm = { messageId: 'm', topicArn: 't', text: 'something waits', at: '2026-11-21T03:00:00Z' };
  const told = alarmMessage(alarm, EXERCISE);
  for (const [, read] of CHANNELS) expect(read(told).first).toMatch(/^EXERCISE: /);
  expect(JSON.parse(told.json)).toMatchObject({ exercise: EXERCISE });
  expect(told.email.text).toBe(`${LINE}\nsomething waits`);
  expect(JSON.stringify(alarmMessage(alarm))).not.toMatch(/exercise/i);
});

test('an event of the bus says it, and a real one has no such field', () => {
  const [record] = recordsOf([{ kind: 'incident-opened', text: LINE }]);
  if (!record) throw new Error('there is a record');
  const detail = (exercise?: string) =>
    JSON.parse(makeEvent(record, incident, exercise)?.Detail ?? '{}') as Record<string, unknown>;
  expect(detail(EXERCISE)).toMatchObject({ incidentId: INCIDENT_ID, exercise: EXERCISE });
  expect(detail()).not.toHaveProperty('exercise');
});

describe('pages behind links', () => {
  const token = {
    purpose: 'approve',
    incidentId: INCIDENT_ID,
    pageId: 'pag-1',
    level: 'First',
    recipient: 'SMS',
    expiresAt: 2_000_000_000,
  } as const;
  const PAGES: Readonly<Record<string, (exercise?: string) => string>> = {
    acknowledge: (exercise) => acknowledgePage({ incident: { ...incident, title: LINE }, exercise }),
    approve: (exercise) =>
      approvePage({
        token: { ...token, hash: 'h' },
        approval: sampleApproval({}, LINE),
        incident: { ...incident, title: LINE },
        now: new Date(),
        exercise,
      }),
  };

  test.each(Object.keys(PAGES))('the page to %s shows it above everything, escaped', (which) => {
    const html = PAGES[which]?.('<b>Drill</b>') ?? '';
    expect(html).toMatch(/<title>EXERCISE: /);
    expect(html.indexOf('EXERCISE: &lt;b&gt;Drill&lt;/b&gt;')).toBeGreaterThan(0);
    expect(html.indexOf('class="exercise"')).toBeLessThan(html.indexOf('<h1>'));
  });

  test.each(Object.keys(PAGES))('the page to %s has no banner where it is real', (which) => {
    expect(PAGES[which]?.()).not.toMatch(/class="exercise"|<title>EXERCISE/);
  });
});

test('the mark is put once, however often something is passed on', () => {
  const once = markExercise('Firebreak: nobody answered a page', EXERCISE);
  expect(markExercise(once, EXERCISE)).toBe(once);
  expect(markExercise('SEV1', undefined)).toBe('SEV1');
});
