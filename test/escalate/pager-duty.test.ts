import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { alarmMessage } from '../../lambdas/escalate/relay/alarm';
import { answeredEvent, pagerDutyPage } from '../../lambdas/escalate/page/pager-duty';
import { hostilePage, INCIDENT_ID, LINK, samplePage } from './sample-page';

/**
 * PagerDuty's Events API v2 ("Send an alert event"), written from its reference: a trigger needs a payload with
 * summary (1,024 characters at most), source and severity; dedup_key has 255 characters at most.
 */
const trigger = z.strictObject({
  routing_key: z.string().length(32),
  event_action: z.literal('trigger'),
  dedup_key: z.string().min(1).max(255),
  payload: z.strictObject({
    summary: z.string().min(1).max(1024),
    source: z.string().min(1),
    severity: z.enum(['critical', 'error', 'warning', 'info']),
    timestamp: z.iso.datetime(),
    component: z.string().optional(),
    group: z.string().optional(),
    class: z.string().optional(),
    custom_details: z.record(z.string(), z.unknown()).optional(),
  }),
  client: z.string().optional(),
  client_url: z.url().optional(),
  links: z.array(z.strictObject({ href: z.url(), text: z.string() })),
  images: z.array(z.unknown()).optional(),
});
const answer = z.strictObject({
  routing_key: z.string().length(32),
  event_action: z.enum(['acknowledge', 'resolve']),
  dedup_key: z.string().min(1).max(255),
});
const routing_key = 'R'.repeat(32);

test.each([
  ['a page', pagerDutyPage(samplePage())],
  ['a page of hostile text', pagerDutyPage(hostilePage('\u001b[31m<https://evil.example|x>\u202e'.repeat(500)))],
  ['a page without anything', pagerDutyPage(samplePage({ containments: [], entities: [], title: '' }))],
  [
    'an alarm',
    alarmMessage({ messageId: 'm-1', topicArn: 'arn:aws:sns:x:1:t', text: '', at: '2026-11-21T03:12:47.000Z' })
      .pagerDuty,
  ],
])('%s is an event of the Events API v2', (_, event) => {
  expect(trigger.parse({ routing_key, ...event })).toMatchObject({ event_action: 'trigger' });
});

test.each(['acknowledge', 'resolve'] as const)('an answer is an %s event under the key of the page', (action) => {
  const event = answeredEvent({ incidentId: INCIDENT_ID, attempt: 1 }, action);
  expect(answer.parse({ routing_key, ...event })).toMatchObject({ event_action: action });
  expect(event.dedup_key).toBe(pagerDutyPage(samplePage()).dedup_key);
});

test.each([
  ['SEV1', 'critical'],
  ['SEV2', 'error'],
  ['SEV3', 'warning'],
  ['SEV4', 'info'],
] as const)('%s is %s, and the link is there', (severity, expected) => {
  expect(pagerDutyPage(samplePage({ severity }))).toMatchObject({
    payload: { severity: expected },
    links: [{ href: LINK, text: 'Acknowledge in Firebreak' }],
  });
});
