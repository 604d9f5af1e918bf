import type { SNSEvent } from 'aws-lambda';
import type { ChannelTarget } from '../../../lib/model/recipient';
import { errorText } from '../../shared/aws-error';
import { deployedExercise } from '../../shared/exercise';
import { requireEnv } from '../../shared/require-env';
import { send } from '../send/send';
import { alarmMessage } from './alarm';

const recipients = JSON.parse(requireEnv('RECIPIENTS')) as ChannelTarget[];
const exercise = deployedExercise();

/**
 * Passes alarms on to recipients that SNS cannot reach by itself.
 *
 * @throws AggregateError where some were not reached: Lambda tries twice more, then the dead-letter queue has it. Who
 * was reached gets it again, under the same id.
 */
export const handler = async (event: SNSEvent): Promise<void> => {
  const alarms = event.Records.map(({ Sns }) => ({
    messageId: Sns.MessageId,
    topicArn: Sns.TopicArn,
    text: Sns.Message,
    at: Sns.Timestamp,
    ...(Sns.Subject && { subject: Sns.Subject }),
  }));
  const sent = await Promise.allSettled(
    alarms.flatMap((alarm) =>
      recipients.map((recipient) => send(recipient, alarmMessage(alarm, exercise), new Date())),
    ),
  );
  const failed = sent.filter((result) => result.status === 'rejected').map((result) => result.reason as unknown);
  if (failed.length > 0) throw new AggregateError(failed, `alarm not passed on: ${failed.map(errorText).join('; ')}`);
};
