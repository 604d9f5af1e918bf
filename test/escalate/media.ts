import type { PageContent } from '../../lambdas/escalate/page/content';
import { emailPage } from '../../lambdas/escalate/page/email';
import { pagerDutyPage } from '../../lambdas/escalate/page/pager-duty';
import { smsPage } from '../../lambdas/escalate/page/sms';
import { webhookPage } from '../../lambdas/escalate/page/webhook';

export const MEDIA = ['SMS', 'e-mail subject', 'e-mail', 'webhook', 'PagerDuty'] as const;
export type Medium = (typeof MEDIA)[number];

/** Every text that a medium shows to a person, link by link. */
export function readContent(medium: Medium, page: PageContent): string[] {
  switch (medium) {
    case 'SMS':
      return [smsPage(page)];
    case 'e-mail subject':
      return [emailPage(page).subject];
    case 'e-mail':
      return [emailPage(page).text];
    case 'webhook':
      return textsForPeople(page);
    case 'PagerDuty':
      return texts(pagerDutyPage(page));
  }
}

/** Ids are for machines, and exact: only control characters are taken from them. */
function textsForPeople(page: PageContent): string[] {
  const { containments, ...rest } = webhookPage({ ...page, entities: [] });
  return texts([rest, containments.map(({ reason, words }) => [reason ?? '', words])]);
}

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(texts);
}
