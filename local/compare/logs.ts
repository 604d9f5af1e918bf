import {
  DescribeLogGroupsCommand,
  DescribeMetricFiltersCommand,
  DescribeSubscriptionFiltersCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { type Describers } from './describers';

export const logs: Describers = {
  'AWS::Logs::LogGroup': async (api, { physicalId: logGroupName }) => {
    const { logGroups } = await api.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }));
    const group = logGroups?.find((candidate) => candidate.logGroupName === logGroupName);
    return { KmsKeyId: group?.kmsKeyId, RetentionInDays: group?.retentionInDays };
  },
  'AWS::Logs::SubscriptionFilter': async (api, { physicalId, properties }) => {
    const logGroupName = String(properties.LogGroupName);
    const { subscriptionFilters } = await api.logs.send(new DescribeSubscriptionFiltersCommand({ logGroupName }));
    const filter = subscriptionFilters?.find(({ filterName }) => filterName === physicalId);
    // Its pattern is emptied locally on purpose: complete/log-filter-pattern.ts.
    const FilterPattern = filter?.filterPattern === '' ? properties.FilterPattern : filter?.filterPattern;
    return { DestinationArn: filter?.destinationArn, FilterPattern };
  },
  'AWS::Logs::MetricFilter': async (api, { properties }) => {
    const logGroupName = String(properties.LogGroupName);
    const { metricFilters } = await api.logs.send(new DescribeMetricFiltersCommand({ logGroupName }));
    const filter = metricFilters?.find(({ filterPattern }) => filterPattern === properties.FilterPattern);
    return { FilterPattern: filter?.filterPattern };
  },
};
