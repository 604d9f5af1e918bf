import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { pagerDutyPage } from '../../lambdas/escalate/page/pager-duty';
import { slackMessage, slackPage } from '../../lambdas/escalate/page/slack';
import { teamsPage } from '../../lambdas/escalate/page/teams';
import { postJson } from '../../lambdas/escalate/send/post';
import { TEXTS } from '../hostile/texts';
import { type Receiver, startReceiver } from './receiver';
import { hostilePage, samplePage } from './sample-page';

/** Slack, Block Kit reference: blocks "header", "section", "actions", element "button", object "text"; 50 blocks a message. */
const plainText = (most: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: z.string().min(1).max(most), emoji: z.boolean().optional() });
const SLACK = z.strictObject({
  text: z.string().min(1).max(40_000),
  blocks: z
    .array(
      z.discriminatedUnion('type', [
        z.strictObject({ type: z.literal('header'), text: plainText(150) }),
        z.strictObject({ type: z.literal('section'), text: plainText(3000) }),
        z.strictObject({
          type: z.literal('actions'),
          elements: z
            .array(
              z.strictObject({
                type: z.literal('button'),
                text: plainText(75),
                url: z.url().max(3000),
                style: z.enum(['primary', 'danger']).optional(),
              }),
            )
            .min(1)
            .max(25),
        }),
      ]),
    )
    .min(1)
    .max(50),
});

/** Adaptive Cards schema 1.4 (TextBlock, Action.OpenUrl), in the message that a Teams workflow takes. */
const TEAMS = z.strictObject({
  type: z.literal('message'),
  attachments: z.tuple([
    z.strictObject({
      contentType: z.literal('application/vnd.microsoft.card.adaptive'),
      contentUrl: z.null(),
      content: z.strictObject({
        $schema: z.literal('http://adaptivecards.io/schemas/adaptive-card.json'),
        type: z.literal('AdaptiveCard'),
        version: z.literal('1.4'),
        body: z
          .array(
            z.strictObject({
              type: z.literal('TextBlock'),
              text: z.string().min(1),
              wrap: z.boolean(),
              weight: z.enum(['Lighter', 'Default', 'Bolder']).optional(),
              size: z.enum(['Small', 'Default', 'Medium', 'Large', 'ExtraLarge']).optional(),
            }),
          )
          .min(1),
        actions: z
          .array(z.strictObject({ type: z.literal('Action.OpenUrl'), title: z.string().min(1), url: z.url() }))
          .optional(),
      }),
    }),
  ]),
});

/** PagerDuty, Events API v2, "Alert event"; 512 KB. The routing key is put in when it is sent. */
const PAGER_DUTY = z.strictObject({
  event_action: z.literal('trigger'),
  dedup_key: z.string().min(1).max(255),
  payload: z.strictObject({
    summary: z.string().min(1).max(1024),
    source: z.string().min(1),
    severity: z.enum(['critical', 'error', 'warning', 'info']),
    timestamp: z.iso.datetime(),
    component: z.string(),
    class: z.string(),
    custom_details: z.record(z.string(), z.unknown()),
  }),
  client: z.string(),
  links: z.array(z.strictObject({ href: z.url(), text: z.string() })),
});

const MEDIA = [
  ['Slack', slackPage, SLACK, 100_000],
  ['Teams', teamsPage, TEAMS, 28 * 1024],
  ['PagerDuty', pagerDutyPage, PAGER_DUTY, 512 * 1024],
] as const;

describe.each(MEDIA)('what %s receives', (_name, make, schema, most) => {
  let receiver: Receiver;
  beforeAll(async () => {
    receiver = await startReceiver();
  });
  afterAll(() => receiver.close());

  test.each([{ what: 'nothing special', text: 'Access key created' }, { what: 'nothing at all', text: '' }, ...TEXTS])(
    'with $what in every field is as its published format says',
    async ({ text }) => {
      await postJson(receiver.url, JSON.stringify(make(hostilePage(text))));

      const request = receiver.received.at(-1);
      expect(request).toMatchObject({ method: 'POST', headers: { 'content-type': 'application/json' } });
      expect(z.prettifyError(schema.safeParse(JSON.parse(request?.body ?? '')).error ?? new z.ZodError([]))).toBe('');
      expect(Buffer.byteLength(request?.body ?? '')).toBeLessThan(most);
      expect(request?.body).not.toContain('\ufffd');
    },
  );

  test('of the largest page keeps within the limits', async () => {
    const [entity] = samplePage().entities;
    const [line] = samplePage().containments;
    if (entity === undefined || line === undefined) throw new Error('the sample is empty');
    const big = 'x'.repeat(2_048);
    const page = samplePage({
      title: big,
      news: Array.from({ length: 50 }, () => big),
      containments: Array.from({ length: 40 }, () => ({ ...line, reason: big, target: { ...line.target, id: big } })),
      entities: Array.from({ length: 20 }, () => ({ ...entity, id: big })),
    });

    await postJson(receiver.url, JSON.stringify(make(page)));

    const body = receiver.received.at(-1)?.body ?? '';
    expect(schema.safeParse(JSON.parse(body)).success).toBe(true);
    expect(Buffer.byteLength(body)).toBeLessThan(most);
  });
});

test('a message of Slack without a body or a button is still one that it takes', () => {
  expect(SLACK.safeParse(slackMessage('title', [])).success).toBe(true);
});
