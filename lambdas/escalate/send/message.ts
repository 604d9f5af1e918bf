import type { SlackMessage } from '../page/slack';
import type { TeamsMessage } from '../page/teams';
import type { PagerDutyEvent } from '../page/pager-duty';

/** One thing to say, in the form of every medium. */
export interface Message {
  readonly email: { readonly subject: string; readonly text: string };
  readonly sms: string;
  /** For webhooks, queues and topics: JSON. */
  readonly json: string;
  readonly pagerDuty: PagerDutyEvent;
  readonly slack: SlackMessage;
  readonly teams: TeamsMessage;
  /** Lets receivers drop what they have seen. */
  readonly id: string;
}

/** The same for media that do not ring. */
export type UpdateMessage = Omit<Message, 'sms' | 'pagerDuty'>;
