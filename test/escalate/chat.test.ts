import { describe, expect, test } from '@jest/globals';
import { MAX_HEADER, MAX_SECTION, slackPage } from '../../lambdas/escalate/page/slack';
import { MAX_TEAMS_BYTES, teamsPage } from '../../lambdas/escalate/page/teams';
import { pageContent } from '../../lambdas/escalate/page/content';
import type { Briefing } from '../../lambdas/escalate/page/briefing';
import { user } from '../samples/alert';
import { sampleIncident } from './sample-page';

const PLACE = {
  pageId: 'pag-1',
  chain: 'on-call',
  level: 'First',
  attempt: 1,
  cycle: 1,
  round: 1,
  link: 'https://example.execute-api.eu-central-1.amazonaws.com/a/TOKEN',
  sentAt: '2026-11-21T03:00:00Z',
};
const HOSTILE = [
  '<!channel> <@U123> <https://evil.example|click>',
  '*bold* _it_ ~no~ `code` [link](https://evil.example) # h ![x](http://evil.example/x.png)',
  '\u202Egnp.exe \u001b[31mred\u001b[0m {0} %s ${x} =HYPERLINK("http://evil.example")',
  'x'.repeat(100_000),
];

const page = (title: string) => {
  const incident = {
    ...sampleIncident({ title, entities: Array.from({ length: 20 }, () => user(title.slice(0, 2000))) }),
    timelineLength: 1,
    timelineHash: '',
  };
  return pageContent({ incident, containments: [], news: [title, title] } satisfies Briefing, PLACE);
};

describe.each(HOSTILE.map((text) => [text.slice(0, 40), text] as const))('a page about %s', (_, text) => {
  test('is a message that Slack takes, in which nothing of it is markup', () => {
    const message = slackPage(page(text));

    expect(message.text).not.toMatch(/[<>](?!;)/);
    expect(message.text).not.toMatch(/(?<!\u200b)[*_~`|@#!]/);
    for (const block of message.blocks) {
      if (block.type === 'actions') {
        expect(block.elements.map(({ url }) => url)).toEqual([PLACE.link]);
        continue;
      }
      expect(block.text.type).toBe('plain_text');
      expect(block.text.text.length).toBeLessThanOrEqual(block.type === 'header' ? MAX_HEADER : MAX_SECTION);
      expect(block.text.text).not.toMatch(/https?:\/\/evil|\u001b|\u202e|<|>/);
    }
  });

  test('is a card that Teams takes, in which nothing of it is Markdown', () => {
    const message = teamsPage(page(text));
    const [{ content }] = message.attachments;

    expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThan(MAX_TEAMS_BYTES);
    expect(content.actions).toEqual([{ type: 'Action.OpenUrl', title: 'Acknowledge', url: PLACE.link }]);
    for (const { type, text: shown } of content.body) {
      expect(type).toBe('TextBlock');
      expect(shown).not.toMatch(/(?<!\\)[*_`[\]()#]/);
      expect(shown).not.toMatch(/https?:\/\/evil|\u001b|\u202e|<|>/);
    }
  });
});
