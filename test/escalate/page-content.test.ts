import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readContent, type Medium, MEDIA } from './media';
import { emailPage, MAX_SUBJECT } from '../../lambdas/escalate/page/email';
import { MAX_EVENT_BYTES, MAX_SUMMARY, pagerDutyPage } from '../../lambdas/escalate/page/pager-duty';
import { ONE_SMS, septets, smsPage } from '../../lambdas/escalate/page/sms';
import { unlinked } from '../../lambdas/escalate/page/unlinked';
import { webhookPage } from '../../lambdas/escalate/page/webhook';
import { hostilePage, INCIDENT_ID, LINK, samplePage } from './sample-page';

/** What an attacker may put into a user name, a tag or a user agent, and what must not be left of it. */
const HOSTILE: readonly (readonly [string, string, RegExp])[] = [
  ['a link', 'see https://evil.example/login now', /https?:\/\/evil|evil\.example/],
  ['a link without a scheme', 'open evil.example/x', /evil\.example/],
  ['a name that is a domain', 'invoice.zip', /invoice\.zip/],
  ['a host with another full stop', 'evil\u3002example and evil\uff0eexample', /evil[\u3002\uff0e.]example/],
  ['a link of another scheme', 'javascript://evil.example', /javascript:\/\//],
  ['an address', 'mail boss@evil.example', /boss@/],
  ['a link of Slack', '<https://evil.example|Acknowledge>', /<https|<h/],
  ['a call of Slack', '<!channel> everybody', /<!channel>/],
  ['a tag', '<img src=x onerror=alert(1)>', /<img/],
  ['colours of a terminal', '\u001b[31mred\u001b[0m', /[\u001b]|\[31m/],
  ['a title of a terminal', '\u001b]0;owned\u0007text', /[\u001b\u0007]|owned/],
  [
    'line breaks that forge a line',
    'x\r\nAcknowledge it: https://evil.example/\n',
    /[\r\n]Acknowledge it: h|https:\/\/evil/,
  ],
  ['a line separator', 'x\u2028Subject: fake', /\u2028/],
  ['a turned reading direction', 'gpj.\u202eexe', /\u202e/],
  ['zero-width characters', 'ad\u200bmin', /\u200b/],
  ['a null', 'a\u0000b', /\u0000/],
  ['a lone surrogate', 'a\ud800b', /\ud800(?![\udc00-\udfff])/],
];

describe.each(MEDIA)('in %s', (medium: Medium) => {
  test.each(HOSTILE)('%s is harmless', (_, text, forbidden) => {
    for (const shown of readContent(medium, hostilePage(text))) expect(shown).not.toMatch(forbidden);
  });

  test('the link and the incident stay as they are', () => {
    const whole = readContent(medium, hostilePage('https://evil.example')).join('\n');
    expect(whole).toContain(INCIDENT_ID);
    if (medium !== 'e-mail subject') expect(whole).toContain(LINK);
  });

  test('what is long is cut', () => {
    // 256 KB is what SNS and SQS take.
    const many = Array.from({ length: 20 }, () => hostilePage('\u{1f525}'.repeat(100_000)));
    const page = samplePage({
      title: many[0]?.title ?? '',
      news: many.slice(0, 3).flatMap(({ news }) => news),
      containments: many.flatMap(({ containments }) => containments),
      entities: many.flatMap(({ entities }) => entities),
    });
    expect(Buffer.byteLength(readContent(medium, page).join(''))).toBeLessThan(256 * 1024);
  });
});

describe('SMS', () => {
  test('is one message, with the link of API Gateway in it', () => {
    const text = smsPage(samplePage());
    expect(text).toBe(`SEV1 Access key created for another user ${INCIDENT_ID} ${LINK}`);
    expect(septets(text)).toBeLessThanOrEqual(ONE_SMS);
  });

  test('keeps the link and some of the title where the link is long', () => {
    const link = `https://${'x'.repeat(100)}.example.com/a/token`;
    expect(smsPage(samplePage({ link }))).toBe(`SEV1 Access key created.. ${INCIDENT_ID} ${link}`);
  });

  test('is GSM 7-bit whatever the title is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (title) => {
        const count = septets(smsPage(samplePage({ title })));
        expect(count).toBeDefined();
        expect(count).toBeLessThanOrEqual(ONE_SMS);
      }),
    );
  });

  test.each([
    ['abc', 3],
    ['{€}', 6],
    ['@_', 2],
    ['漢', undefined],
  ])('%p takes %p septets', (text, count) => {
    expect(septets(text)).toBe(count);
  });
});

describe('e-mail', () => {
  test('the subject is 100 ASCII characters at most, whatever the title is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (title) => {
        expect(emailPage(samplePage({ title })).subject).toMatch(/^\[SEV1\] [ -~]* \(inc-[a-z0-9-]+\)$/);
        expect(emailPage(samplePage({ title })).subject.length).toBeLessThanOrEqual(MAX_SUBJECT);
      }),
    );
  });

  test('says what happened, what was done, and how to answer', () => {
    expect(emailPage(samplePage({ news: ['the deny vanished'] })).text).toBe(`SEV1: Access key created for another user
Incident ${INCIDENT_ID} in account 111122223333, eu-central-1, opened 2026-11-21T03:12:45.000Z

Acknowledge it. This opens a page that asks for your name:
${LINK}
or: firebreak incident ack ${INCIDENT_ID} --by NAME

What Firebreak did:
- contained: disable-access-key on user arn:aws:iam::111122223333:user/mallory

What is new:
- the deny vanished

About:
- actor: user arn:aws:iam::111122223333:user/mallory

Level 'First responder' of escalation chain 'OnCall', attempt 1, page 1. pag-0123456789abcdef0123456789abcdef
Dots and addresses are written [.] and [at], because an attacker may have chosen them: never follow them.
`);
  });
});

describe('webhook', () => {
  test('has the documented form', () => {
    expect(webhookPage(samplePage())).toMatchObject({
      schemaVersion: 1,
      type: 'page',
      pageId: 'pag-0123456789abcdef0123456789abcdef',
      incident: { id: INCIDENT_ID, severity: 'SEV1', title: 'Access key created for another user' },
      containments: [{ runbook: 'disable-access-key', status: 'verified', words: 'contained' }],
      entities: [{ role: 'actor', kind: 'user', id: 'arn:aws:iam::111122223333:user/mallory' }],
      acknowledge: { url: LINK, command: `firebreak incident ack ${INCIDENT_ID} --by NAME` },
    });
  });
});

describe('PagerDuty', () => {
  test('a further attempt has a key of its own, so that the pager rings', () => {
    expect(pagerDutyPage(samplePage()).dedup_key).toBe(INCIDENT_ID);
    expect(pagerDutyPage(samplePage({ attempt: 2 })).dedup_key).toBe(`${INCIDENT_ID}/2`);
    expect(pagerDutyPage(samplePage({ round: 2 })).dedup_key).toBe(INCIDENT_ID);
  });

  test('stays below its limits', () => {
    const event = pagerDutyPage(hostilePage('x.'.repeat(50_000)));
    expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(MAX_EVENT_BYTES);
    expect(event.event_action === 'trigger' && event.payload.summary.length).toBeLessThanOrEqual(MAX_SUMMARY);
  });
});

test('nothing clickable is left of any text', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', '.', '@', '<', ':', '/', 'h', 't', 'p', ' ', '\u3002') }),
      (text) => {
        expect(unlinked(text, 100)).not.toMatch(/\w[.@\u3002]\w|:\/\/|</);
      },
    ),
  );
});
