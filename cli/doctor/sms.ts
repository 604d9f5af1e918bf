import { GetSMSAttributesCommand, GetSMSSandboxAccountStatusCommand, SNSClient } from '@aws-sdk/client-sns';
import { bad, type Check, count, ok, warning } from './check';
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
    if (IsInSandbox) {
      return bad(
        'the account is in the SMS sandbox: only verified numbers get messages',
        'ask AWS to move it out of the sandbox',
      );
    }
    const { attributes } = await client.send(new GetSMSAttributesCommand({ attributes: ['MonthlySpendLimit'] }));
    const limit = Number(attributes?.MonthlySpendLimit ?? NEW_ACCOUNT_LIMIT);
    return limit <= NEW_ACCOUNT_LIMIT
      ? warning(
          `${count(numbers, 'number')}, but only ${limit} US dollar a month may be spent`,
          'ask AWS for a higher SMS spending quota',
        )
      : ok(`${count(numbers, 'number')}; ${limit} US dollars a month may be spent`);
  },
};
