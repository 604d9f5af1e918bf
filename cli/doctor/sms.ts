import { CloudWatchClient, type Datapoint, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { GetSMSAttributesCommand, GetSMSSandboxAccountStatusCommand, SNSClient } from '@aws-sdk/client-sns';
import { bad, type Check, count, type Finding, ok, type Patient, warning } from './check';
import { pagedNumbers } from './paged-numbers';

/** US dollars a month: what a new account may spend. Source: SNS guide, "Requesting increases to your monthly SMS spending quota". */
const NEW_ACCOUNT_LIMIT = 1;
/** Of the month's quota. What is left has to do for an incident. Our own figure. */
const NEARLY_SPENT = 0.8;

export const sms: Check = {
  name: 'text messages',
  async look(patient) {
    const numbers = (await pagedNumbers(patient)).length;
    if (numbers === 0) return ok('no recipient is paged by text message');
    const client = new SNSClient(patient.aws);
    const { IsInSandbox } = await client.send(new GetSMSSandboxAccountStatusCommand({}));
    if (IsInSandbox ?? true) return inSandbox(numbers);
    const { attributes } = await client.send(new GetSMSAttributesCommand({ attributes: ['MonthlySpendLimit'] }));
    const limit = Number(attributes?.MonthlySpendLimit ?? NEW_ACCOUNT_LIMIT);
    return judgeSms({ numbers, limit, spent: spentLast(await spentThisMonth(patient)) });
  },
};

async function spentThisMonth({ aws }: Patient): Promise<Datapoint[]> {
  const now = new Date();
  const { Datapoints = [] } = await new CloudWatchClient(aws).send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/SNS',
      MetricName: 'SMSMonthToDateSpentUSD',
      Statistics: ['Maximum'],
      // 744 points at most, of the 1,440 that one answer may have.
      Period: 3600,
      StartTime: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1)),
      EndTime: now,
    }),
  );
  return Datapoints;
}

/** The newest figure, in US dollars; SNS gives one only while text messages are sent. None: nothing was sent in this month. */
export function spentLast(points: readonly Datapoint[]): number | undefined {
  const [newest] = [...points].sort((a, b) => Number(b.Timestamp ?? 0) - Number(a.Timestamp ?? 0));
  return newest?.Maximum;
}

function inSandbox(numbers: number): Finding {
  return bad(
    `${count(numbers, 'number')}, but the account is in the SMS sandbox: only verified numbers get messages`,
    'ask AWS to move it out of the sandbox',
  );
}

export interface SmsLimits {
  readonly numbers: number;
  /** US dollars a month. */
  readonly limit: number;
  /** US dollars in this month, as far as SNS says. */
  readonly spent?: number | undefined;
}

/** What the account's limits mean for so many numbers. */
export function judgeSms({ numbers, limit, spent }: SmsLimits): Finding {
  const who = count(numbers, 'number');
  if (spent !== undefined && spent >= limit * NEARLY_SPENT) {
    return bad(
      `${who}, and ${spent.toFixed(2)} of ${limit} US dollars of this month are spent: beyond that SNS sends nothing until the next month`,
      'ask AWS for a higher SMS spending quota now',
    );
  }
  if (limit > NEW_ACCOUNT_LIMIT) {
    const figure = spent === undefined ? 'SNS says nothing of this month' : `${spent.toFixed(2)} spent in this month`;
    return ok(`${who}; ${limit} US dollars a month may be spent (${figure})`);
  }
  return warning(`${who}, but only ${limit} US dollar a month may be spent`, 'ask AWS for a higher SMS spending quota');
}
