import type { Message } from '../send/message';
import type { PageContent } from './content';
import { emailPage } from './email';
import { pagerDutyPage } from './pager-duty';
import { slackPage } from './slack';
import { smsPage } from './sms';
import { teamsPage } from './teams';
import { webhookPage } from './webhook';

/** A page in the form of every medium. */
export function messageOf(page: PageContent): Message {
  return {
    id: page.pageId,
    email: emailPage(page),
    sms: smsPage(page),
    json: JSON.stringify(webhookPage(page)),
    pagerDuty: pagerDutyPage(page),
    slack: slackPage(page),
    teams: teamsPage(page),
  };
}
