import { CloudTrailClient, DescribeTrailsCommand, GetTrailStatusCommand, type Trail } from '@aws-sdk/client-cloudtrail';
import { bad, type Check, ok, type Patient, warning } from './check';

export const trail: Check = {
  name: 'trail',
  async look(patient) {
    const { trailList = [] } = await new CloudTrailClient(patient.aws).send(new DescribeTrailsCommand({}));
    const logging = await Promise.all(trailList.map(async (one) => ({ one, on: await isLogging(patient, one) })));
    const active = logging.filter(({ on }) => on).map(({ one }) => one);
    if (active.length === 0) {
      const off = trailList.map(({ Name }) => Name ?? '?').join(', ');
      return bad(
        off === '' ? 'there is no trail' : `no trail is logging (${off})`,
        'create a multi-Region trail, or start its logging: without one Firebreak sees no API calls',
      );
    }
    const groups = patient.stack.list('FirebreakLogGroups');
    const names = active.map(({ Name }) => Name ?? '?').join(', ');
    if (groups.length === 0) return ok(`logging: ${names}; API calls come by EventBridge`);
    const fed = active.filter(({ CloudWatchLogsLogGroupArn: arn }) =>
      groups.some((group) => arn?.includes(`:log-group:${group}:`)),
    );
    if (fed.length > 0) return ok(`${fed.map(({ Name }) => Name ?? '?').join(', ')} writes to ${groups.join(', ')}`);
    return warning(
      `logging: ${names}, but none writes to ${groups.join(', ')}`,
      "set the trail's CloudWatch Logs log group to the one that is watched",
    );
  },
};

async function isLogging({ aws }: Patient, { TrailARN, HomeRegion }: Trail): Promise<boolean> {
  // A trail is asked in its home Region only.
  const client = new CloudTrailClient({ ...aws, ...(HomeRegion !== undefined && { region: HomeRegion }) });
  return (await client.send(new GetTrailStatusCommand({ Name: TrailARN }))).IsLogging ?? false;
}
