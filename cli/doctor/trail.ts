import { CloudTrailClient, DescribeTrailsCommand, GetTrailStatusCommand, type Trail } from '@aws-sdk/client-cloudtrail';
import { bad, type Check, type Finding, ok, type Patient, warning } from './check';

export const trail: Check = {
  name: 'trail',
  async look(patient) {
    const { trailList = [] } = await new CloudTrailClient(patient.aws).send(new DescribeTrailsCommand({}));
    const logging = await Promise.all(trailList.map(async (one) => ({ one, on: await isLogging(patient, one) })));
    return judgeTrails(logging, patient.stack.list('FirebreakLogGroups'));
  },
};

/** Whether some trail logs, and to a log group that is watched where one is. */
export function judgeTrails(
  trails: readonly { readonly one: Trail; readonly on: boolean }[],
  groups: readonly string[],
): Finding {
  const names = (some: readonly Trail[]) => some.map(({ Name }) => Name ?? '?').join(', ');
  const active = trails.filter(({ on }) => on).map(({ one }) => one);
  if (active.length === 0) {
    return bad(
      trails.length === 0 ? 'there is no trail' : `no trail is logging (${names(trails.map(({ one }) => one))})`,
      'create a multi-Region trail, or start its logging: without one Firebreak sees no API calls',
    );
  }
  if (groups.length === 0) return ok(`logging: ${names(active)}; API calls come by EventBridge`);
  const fed = active.filter(({ CloudWatchLogsLogGroupArn: arn }) =>
    groups.some((group) => arn?.includes(`:log-group:${group}:`)),
  );
  if (fed.length > 0) return ok(`${names(fed)} writes to ${groups.join(', ')}`);
  return warning(
    `logging: ${names(active)}, but none writes to ${groups.join(', ')}`,
    "set the trail's CloudWatch Logs log group to the one that is watched",
  );
}

async function isLogging({ aws }: Patient, { TrailARN, HomeRegion }: Trail): Promise<boolean> {
  // A trail is asked in its home Region only.
  const client = new CloudTrailClient({ ...aws, ...(HomeRegion !== undefined && { region: HomeRegion }) });
  return (await client.send(new GetTrailStatusCommand({ Name: TrailARN }))).IsLogging ?? false;
}
