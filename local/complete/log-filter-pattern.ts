import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateLogStreamCommand,
  DescribeSubscriptionFiltersCommand,
  FilterLogEventsCommand,
  PutLogEventsCommand,
  PutSubscriptionFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { type AwsApi } from '../api';
import { type DeployedStack } from '../stack';
import { textOf } from '../template';
import { type Completion, only, orNone, tryOut } from './completion';

const FILTER = 'AWS::Logs::SubscriptionFilter';
const FUNCTION = 'AWS::Lambda::Function';

/** A subscription filter of a deployed stack and the pattern that its template gives it. */
export interface DeployedPattern {
  readonly logGroupName: string;
  readonly filterPattern: string;
}

/** The patterns that whoever writes log events must apply in the emulator's stead: the feeder of the drill. */
export function deployedPatterns(stack: DeployedStack): DeployedPattern[] {
  return stack.ofType(FILTER).map(({ properties }) => ({
    logGroupName: String(properties.LogGroupName),
    filterPattern: textOf(properties.FilterPattern, ''),
  }));
}

export const logFilterPattern: Completion = {
  name: 'log-filter-pattern',
  why: 'A subscription filter with a JSON pattern delivers nothing: here it delivers all, and the feeder applies the pattern',

  needed: (api) =>
    tryOut(
      api,
      {
        Trail: { Type: 'AWS::Logs::LogGroup' },
        Function: {
          Type: FUNCTION,
          Properties: {
            Runtime: 'nodejs24.x',
            Handler: 'index.handler',
            Role: `arn:aws:iam::${api.account}:role/none`,
            Code: { ZipFile: 'exports.handler = async () => 1' },
          },
        },
        Filter: {
          Type: FILTER,
          Properties: {
            LogGroupName: { Ref: 'Trail' },
            DestinationArn: { 'Fn::GetAtt': ['Function', 'Arn'] },
            FilterPattern: '{ $.eventName = "CreateUser" }',
          },
        },
      },
      async (stack) => {
        const trail = only(stack, 'AWS::Logs::LogGroup').physicalId;
        await writeOne(api, trail, JSON.stringify({ eventName: 'CreateUser' }));
        return !(await isInvoked(api, only(stack, FUNCTION).physicalId, 3_000));
      },
    ),

  async complete(stack, api) {
    const done: string[] = [];
    for (const { logGroupName, filterPattern } of deployedPatterns(stack)) {
      if (!filterPattern.startsWith('{')) continue;
      const { subscriptionFilters } = await api.logs.send(new DescribeSubscriptionFiltersCommand({ logGroupName }));
      for (const filter of subscriptionFilters ?? []) {
        if (filter.filterPattern !== filterPattern) continue;
        const { filterName, destinationArn, roleArn } = filter;
        await api.logs.send(
          new PutSubscriptionFilterCommand({
            logGroupName,
            filterName,
            destinationArn,
            filterPattern: '',
            ...(roleArn && { roleArn }),
          }),
        );
        done.push(`${filterName ?? logGroupName}: delivers all, the feeder applies the pattern`);
      }
    }
    return done;
  },
};

async function writeOne(api: AwsApi, logGroupName: string, message: string): Promise<void> {
  const logStreamName = 'probe';
  await api.logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  const logEvents = [{ timestamp: Date.now(), message }];
  await api.logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
}

/** A function that ran has written to its log. */
async function isInvoked(api: AwsApi, functionName: string, withinMs: number): Promise<boolean> {
  const giveUp = Date.now() + withinMs;
  while (Date.now() < giveUp) {
    const asked = api.logs.send(new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${functionName}` }));
    if ((await orNone(['ResourceNotFoundException'], asked))?.events?.length) return true;
    await sleep(100);
  }
  return false;
}
