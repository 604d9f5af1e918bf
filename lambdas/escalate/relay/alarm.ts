import type { Message } from '../send/message';
import { slackMessage } from '../page/slack';
import { teamsMessage } from '../page/teams';
import { unlinked } from '../page/unlinked';

/** What was published to an alarm topic. */
export interface Alarm {
  readonly messageId: string;
  readonly topicArn: string;
  readonly subject?: string;
  readonly text: string;
  /** ISO 8601. */
  readonly at: string;
}

/** Characters; an alarm of CloudWatch has about 2,000. */
const MAX_TEXT = 20_000;

/** An alarm in the form of webhooks, topics and pagers. Its text may hold what an attacker chose, such as names. */
export function alarmMessage(alarm: Alarm): Message {
  const title = unlinked(alarm.subject ?? firstWords(alarm.text), 200);
  const text = unlinked(alarm.text, MAX_TEXT);
  return {
    id: alarm.messageId,
    email: { subject: title.replace(/[^ -~]/gu, '?').slice(0, 100), text },
    sms: title,
    json: JSON.stringify({
      schemaVersion: 1,
      type: 'alarm',
      messageId: alarm.messageId,
      sentAt: alarm.at,
      title,
      text,
    }),
    pagerDuty: {
      event_action: 'trigger',
      dedup_key: alarm.messageId,
      payload: {
        summary: `Firebreak alarm: ${title}`,
        source: alarm.topicArn,
        severity: 'critical',
        timestamp: alarm.at,
        component: 'firebreak',
        class: 'alarm',
        custom_details: { text },
      },
      client: 'Firebreak',
      links: [],
    },
    slack: slackMessage(`Firebreak alarm: ${title}`, [text]),
    teams: teamsMessage(`Firebreak alarm: ${title}`, [text]),
  };
}

function firstWords(text: string): string {
  return text.slice(0, 150);
}
