import { buttonsOf, type ChatButton } from './chat-buttons';
import type { PageContent } from './content';
import { lines } from './chat-lines';

/** Characters of a section's text and of a header (Slack, Block Kit reference), and blocks of a message. */
export const MAX_SECTION = 3000;
export const MAX_HEADER = 150;

/** What an incoming webhook of Slack takes. */
export interface SlackMessage {
  /** For notifications, where blocks are not shown. */
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
}

export type SlackBlock =
  | {
      readonly type: 'header';
      readonly text: { readonly type: 'plain_text'; readonly text: string; readonly emoji: false };
    }
  | {
      readonly type: 'section';
      readonly text: { readonly type: 'plain_text'; readonly text: string; readonly emoji: false };
    }
  | {
      readonly type: 'actions';
      readonly elements: readonly {
        readonly type: 'button';
        readonly text: { readonly type: 'plain_text'; readonly text: string; readonly emoji: false };
        readonly url: string;
        readonly style: 'primary';
      }[];
    };

export function slackPage(page: PageContent): SlackMessage {
  const { title, body } = lines(page);
  return slackMessage(title, body, buttonsOf(page));
}

/**
 * Every text is `plain_text`, in which Slack makes nothing of its own markup; `&`, `<` and `>` are still written as it
 * asks (Slack, "Formatting message text"), because the notification's text is not.
 */
export function slackMessage(
  title: string,
  body: readonly string[],
  buttons: readonly ChatButton[] = [],
): SlackMessage {
  const plain = (text: string) => ({ type: 'plain_text', text, emoji: false }) as const;
  const text = cut(body.join('\n'), MAX_SECTION);
  return {
    text: escaped(title),
    blocks: [
      { type: 'header', text: plain(cut(title, MAX_HEADER)) },
      ...(text === '' ? [] : [{ type: 'section', text: plain(text) } as const]),
      ...(buttons.length > 0
        ? [
            {
              type: 'actions',
              elements: buttons.map(
                (button) => ({ type: 'button', text: plain(button.text), url: button.url, style: 'primary' }) as const,
              ),
            } as const,
          ]
        : []),
    ],
  };
}

/** Slack counts as JavaScript does; half of a pair at the end would make the message one that cannot be read. */
function cut(text: string, most: number): string {
  return text.slice(0, most).replace(/[\ud800-\udbff]$/, '');
}

function escaped(text: string): string {
  return (
    text
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      // Nobody's channel is called by a title.
      .replace(/([*_~`|@#!])/g, '\u200b$1')
  );
}
