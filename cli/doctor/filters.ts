import {
  CloudWatchLogsClient,
  DescribeSubscriptionFiltersCommand,
  type SubscriptionFilter,
} from '@aws-sdk/client-cloudwatch-logs';
import { bad, type Check, count, ok, warning } from './check';

/** Documented quota for each log group (L-87E7D306); some accounts take more. */
const SLOTS = 2;

export const filters: Check = {
  name: 'subscription filters',
  async look({ aws, stack }) {
    const groups = stack.list('FirebreakLogGroups');
    if (groups.length === 0) return ok('no log group is watched');
    const client = new CloudWatchLogsClient(aws);
    const found = await Promise.all(
      groups.map(async (logGroupName) => {
        const { subscriptionFilters = [] } = await client.send(
          new DescribeSubscriptionFiltersCommand({ logGroupName }),
        );
        return {
          logGroupName,
          ours: subscriptionFilters.filter((one) => isOurs(one, stack.name)),
          used: subscriptionFilters.length,
        };
      }),
    );
    const missing = found.filter(({ ours }) => ours.length === 0).map(({ logGroupName }) => logGroupName);
    if (missing.length > 0)
      return bad(`no filter of Firebreak on ${missing.join(', ')}`, 'deploy again; somebody deleted it');
    const full = found.filter(({ used }) => used >= SLOTS).map(({ logGroupName }) => logGroupName);
    return full.length > 0
      ? warning(
          `no free slot of ${SLOTS} on ${full.join(', ')}`,
          'an update that replaces our filter needs a spare slot: remove another filter, or raise quota L-87E7D306',
        )
      : ok(`ours is on ${count(groups.length, 'log group')}, with a free slot each`);
  },
};

/** Filters and functions without a name of their own bear the stack's. */
function isOurs({ filterName, destinationArn }: SubscriptionFilter, stack: string): boolean {
  return (filterName?.startsWith(stack) ?? false) || (destinationArn?.includes(`:${stack}-`) ?? false);
}
