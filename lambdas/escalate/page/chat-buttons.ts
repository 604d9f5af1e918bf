import type { PageContent } from './content';

/** A button that opens one of our links. */
export interface ChatButton {
  readonly text: string;
  readonly url: string;
}

/** Teams shows six actions of a card. */
const MAX_APPROVALS = 5;

/** What this recipient can do about a page: decide what waits for them, and acknowledge. */
export function buttonsOf({ approvals, link }: PageContent): ChatButton[] {
  const links = approvals.flatMap((approval) => approval.link ?? []).slice(0, MAX_APPROVALS);
  const number = (index: number) => (links.length > 1 ? ` ${index + 1}` : '');
  return [
    ...links.map((url, index) => ({ text: `Approve or decline${number(index)}`, url })),
    { text: 'Acknowledge', url: link },
  ];
}
