import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { assertNever } from '../../../lib/model/assert-never';
import type { ChannelTarget } from '../../../lib/model/recipient';
import type { UpdateTarget } from '../../../lib/model/stakeholder';
import type { Message, UpdateMessage } from './message';
import { sendPagerDuty } from './pager-duty';
import { postJson } from './post';
import { forgetSecret, readSecret } from './secrets';
import { signatureHeaders } from './signature';

/** A hanging connection must not keep the other recipients waiting. */
const requestHandler = { connectionTimeout: 3_000, requestTimeout: 10_000 };

let sns: SNSClient | undefined;
let sqs: SQSClient | undefined;
const topics = () => (sns ??= new SNSClient({ requestHandler }));
const queues = () => (sqs ??= new SQSClient({ requestHandler }));

/**
 * Sends a message to one recipient, in the form of its medium.
 *
 * @throws the error of the medium; then it was not taken.
 */
export async function send(to: ChannelTarget, message: Message, now: Date): Promise<void> {
  if (to.kind === 'sms') {
    await topics().send(
      new PublishCommand({
        PhoneNumber: to.phoneNumber,
        Message: message.sms,
        // Delivered for reliability, not for price.
        MessageAttributes: { 'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Transactional' } },
      }),
    );
  } else if (to.kind === 'pager-duty') {
    await sendPagerDuty(to, message.pagerDuty);
  } else {
    await sendUpdate(to, message, now);
  }
}

/**
 * The same for media that do not ring.
 *
 * @throws the error of the medium; then it was not taken.
 */
export async function sendUpdate(to: UpdateTarget, message: UpdateMessage, now: Date): Promise<void> {
  switch (to.kind) {
    case 'email':
      await topics().send(
        new PublishCommand({ TopicArn: to.topicArn, Subject: message.email.subject, Message: message.email.text }),
      );
      return;
    case 'topic':
      await topics().send(
        new PublishCommand({ TopicArn: to.topicArn, Subject: message.email.subject, Message: message.json }),
      );
      return;
    case 'queue':
      await queues().send(new SendMessageCommand({ QueueUrl: to.queueUrl, MessageBody: message.json }));
      return;
    case 'https': {
      const secret = to.signingSecretArn === undefined ? undefined : await readSecret(to.signingSecretArn);
      await postJson(to.url, message.json, {
        'firebreak-message-id': message.id,
        ...(secret !== undefined && signatureHeaders(secret, message.json, now)),
      });
      return;
    }
    case 'slack':
      await postToSecretUrl(to.urlSecretArn, JSON.stringify(message.slack));
      return;
    case 'teams':
      await postToSecretUrl(to.urlSecretArn, JSON.stringify(message.teams));
      return;
    default:
      assertNever(to);
  }
}

/** Whoever knows the URL of a chat's webhook can write there: it is a secret as a whole. */
async function postToSecretUrl(secretArn: string, body: string): Promise<void> {
  const url = await readSecret(secretArn);
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:') {
    throw new Error(`secret '${secretArn}' holds no https URL; put the webhook's URL in as plain text`);
  }
  try {
    await postJson(url, body);
  } catch (error) {
    forgetSecret(secretArn);
    throw error;
  }
}
