import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { GetSMSAttributesCommand, GetSMSSandboxAccountStatusCommand, SNSClient } from '@aws-sdk/client-sns';
import { bad, type Check, count, type Finding, ok, type Patient, warning } from './check';
import { pagedNumbers } from './paged-numbers';

/** US dollars a month: what a new account may spend. Source: SNS guide, "Requesting increases to your monthly SMS spending quota". */
const NEW_ACCOUNT_LIMIT = 1;
/** Of the month's quota. What is left has to do for an incident. Our own figure. */
const NEARLY_SPENT = 0.8;
const DAY_MS = 86_400_000;

export const sms: Check = {
  name: 'text messages',
  async look(patient) {
    const numbers = (await pagedNumbers(patient)).length;
    if (numbers === 0) return ok('no recipient is paged by text message');
    const client = new SNSClient(patient.aws);
    const { IsInSandbox } = await client.send(new GetSMSSandboxAccountStatusCommand({}));
    const { attributes } = await client.send(new GetSMSAttributesCommand({ attributes: ['MonthlySpendLimit'] }));
    return judgeSms({
      numbers,
      inSandbox: IsInSandbox ?? true,
      limit: Number(attributes?.MonthlySpendLimit ?? NEW_ACCOUNT_LIMIT),
      spent: await spentThisMonth(patient),
    });
  },
};

/** US dollars; SNS says so only where some text message was sent lately. */
async function spentThisMonth({ aws }: Patient): Promise<number> {
  const now = new Date();
  const midnight = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate());
  const firstOfMonth = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1);
  const { Datapoints = [] } = await new CloudWatchClient(aws).send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/SNS',
      MetricName: 'SMSMonthToDateSpentUSD',
      Statistics: ['Maximum'],
      Period: 3600,
      // What was spent in the month before stands in the hours before its end.
      StartTime: new Date(Math.max(midnight - DAY_MS, firstOfMonth)),
      EndTime: now,
    }),
  );
  return Math.max(0, ...Datapoints.map(({ Maximum = 0 }) => Maximum));
}

export interface SmsLimits {
  readonly numbers: number;
  readonly inSandbox: boolean;
  /** US dollars a month. */
  readonly limit: number;
  /** US dollars, in this month. */
  readonly spent: number;
}

/** What the account's limits mean for so many numbers. */
export function judgeSms({ numbers, inSandbox, limit, spent }: SmsLimits): Finding {
  const who = count(numbers, 'number');
  if (inSandbox) {
    return bad(
      `${who}, but the account is in the SMS sandbox: only verified numbers get messages`,
      'ask AWS to move it out of the sandbox',
    );
  }
  const dollars = `${spent.toFixed(2)} of ${limit} US dollars`;
  if (spent >= limit * NEARLY_SPENT) {
    return bad(
      `${who}, and ${dollars} of this month are spent: beyond that SNS sends nothing until the next month`,
      'ask AWS for a higher SMS spending quota now',
    );
  }
  if (limit > NEW_ACCOUNT_LIMIT) return ok(`${who}; ${dollars} of this month are spent`);
  return warning(`${who}, but only ${limit} US dollar a month may be spent`, 'ask AWS for a higher SMS spending quota');
}
