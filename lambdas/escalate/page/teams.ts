import type { PageContent } from './content';
import { lines } from './chat-lines';

/** Bytes of a message to a webhook of Teams (Microsoft, "Create an Incoming Webhook"). */
export const MAX_TEAMS_BYTES = 28 * 1024;
const MAX_LINES = 60;

/** What a Teams workflow ("When a Teams webhook request is received") takes: an Adaptive Card. */
export interface TeamsMessage {
  readonly type: 'message';
  readonly attachments: readonly [
    {
      readonly contentType: 'application/vnd.microsoft.card.adaptive';
      readonly contentUrl: null;
      readonly content: AdaptiveCard;
    },
  ];
}

interface AdaptiveCard {
  readonly $schema: 'http://adaptivecards.io/schemas/adaptive-card.json';
  readonly type: 'AdaptiveCard';
  readonly version: '1.4';
  readonly body: readonly {
    readonly type: 'TextBlock';
    readonly text: string;
    readonly wrap: true;
    readonly weight?: 'Bolder';
    readonly size?: 'Medium';
  }[];
  readonly actions?: readonly { readonly type: 'Action.OpenUrl'; readonly title: string; readonly url: string }[];
}

export function teamsPage(page: PageContent): TeamsMessage {
  const { title, body } = lines(page);
  return teamsMessage(title, body, { text: 'Acknowledge', url: page.link });
}

/** A text block knows a part of Markdown: whatever could begin some is escaped. */
export function teamsMessage(
  title: string,
  body: readonly string[],
  button?: { readonly text: string; readonly url: string },
): TeamsMessage {
  const block = (text: string) => ({ type: 'TextBlock', text: literal(text), wrap: true }) as const;
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [{ ...block(title), weight: 'Bolder', size: 'Medium' }, ...within(body).map(block)],
          ...(button && { actions: [{ type: 'Action.OpenUrl', title: button.text, url: button.url }] }),
        },
      },
    ],
  };
}

/** As many lines as fit, with room for the rest of the card; escaping at most doubles them. */
function within(body: readonly string[]): string[] {
  const kept: string[] = [];
  let bytes = 0;
  for (const line of body.slice(0, MAX_LINES)) {
    bytes += 2 * Buffer.byteLength(line) + 100;
    if (bytes > MAX_TEAMS_BYTES - 4096) return [...kept, '…'];
    kept.push(line);
  }
  return kept;
}

function literal(text: string): string {
  return text.replace(/([\\*_`[\]()#+\-!~>|])/g, '\\$1');
}
