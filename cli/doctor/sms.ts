import { GetSMSAttributesCommand, GetSMSSandboxAccountStatusCommand, SNSClient } from '@aws-sdk/client-sns';
import { bad, type Check, count, type Finding, ok, warning } from './check';
import { subscriptionsOf } from './subscriptions';

/** US dollars a month: what a new account may spend. Source: SNS guide, "Requesting increases to your monthly SMS spending quota". */
const NEW_ACCOUNT_LIMIT = 1;

export const sms: Check = {
  name: 'text messages',
  async look(patient) {
    const topics = patient.stack.list('FirebreakTopics');
    const all = (await Promise.all(topics.map((topic) => subscriptionsOf(patient, topic)))).flat();
    const numbers = all.filter(({ Protocol }) => Protocol === 'sms').length;
    if (numbers === 0) return ok('no recipient is paged by text message');
    const client = new SNSClient(patient.aws);
    const { IsInSandbox } = await client.send(new GetSMSSandboxAccountStatusCommand({}));
    const { attributes } = await client.send(new GetSMSAttributesCommand({ attributes: ['MonthlySpendLimit'] }));
    return judgeSms(numbers, IsInSandbox ?? true, Number(attributes?.MonthlySpendLimit ?? NEW_ACCOUNT_LIMIT));
  },
};

/** What the account's limits mean for so many numbers; `limit` in US dollars a month. */
export function judgeSms(numbers: number, inSandbox: boolean, limit: number): Finding {
  const who = count(numbers, 'number');
  if (inSandbox) {
    return bad(
      `${who}, but the account is in the SMS sandbox: only verified numbers get messages`,
      'ask AWS to move it out of the sandbox',
    );
  }
  if (limit > NEW_ACCOUNT_LIMIT) return ok(`${who}; ${limit} US dollars a month may be spent`);
  return warning(`${who}, but only ${limit} US dollar a month may be spent`, 'ask AWS for a higher SMS spending quota');
}
