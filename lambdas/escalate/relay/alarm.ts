import { markExercise } from '../../../lib/model/exercise';
import { exerciseLines } from '../../shared/exercise';
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
export function alarmMessage(alarm: Alarm, exercise?: string): Message {
  const plain = unlinked(alarm.subject ?? firstWords(alarm.text), 200);
  const title = markExercise(plain, exercise);
  const about = markExercise(`Firebreak alarm: ${plain}`, exercise);
  const text = [...exerciseLines(exercise), alarm.text].map((line) => unlinked(line, MAX_TEXT)).join('\n');
  return {
    id: alarm.messageId,
    email: { subject: title.replace(/[^ -~]/gu, '?').slice(0, 100), text },
    sms: title,
    json: JSON.stringify({
      schemaVersion: 1,
      type: 'alarm',
      messageId: alarm.messageId,
      sentAt: alarm.at,
      ...(exercise !== undefined && { exercise: unlinked(exercise, MAX_TEXT) }),
      title,
      text,
    }),
    pagerDuty: {
      event_action: 'trigger',
      dedup_key: alarm.messageId,
      payload: {
        summary: about,
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
    slack: slackMessage(about, [text]),
    teams: teamsMessage(about, [text]),
  };
}

function firstWords(text: string): string {
  return text.slice(0, 150);
}
