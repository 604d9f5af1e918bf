import { expect, test } from '@jest/globals';
import type { ActionContext } from '../../lambdas/contain/runbook-host/action';
import { snapshots } from '../../runbooks/isolate-instance/actions/snapshots';

const volume = (DeviceName: string, VolumeId: string) => ({ DeviceName, Ebs: { VolumeId } });

/** What EC2 is asked to make where some volumes have a snapshot of this containment already. */
async function askedFor(made: readonly string[]): Promise<Record<string, unknown>> {
  let asked: Record<string, unknown> = {};
  const Instance = {
    State: { Name: 'running' },
    RootDeviceName: '/dev/xvda',
    // EC2 promises no order.
    BlockDeviceMappings: [
      volume('/dev/sdf', 'vol-data'),
      volume('/dev/xvda', 'vol-boot'),
      volume('/dev/sdg', 'vol-logs'),
    ],
  };
  const answers: Readonly<Record<string, unknown>> = {
    DescribeInstancesCommand: { Reservations: [{ Instances: [Instance] }] },
    DescribeSnapshotsCommand: {
      Snapshots: made.map((VolumeId) => ({ SnapshotId: `snap-of-${VolumeId}`, VolumeId, StartTime: new Date() })),
    },
  };
  const send = (command: { readonly input: Record<string, unknown> }) => {
    const answer = answers[command.constructor.name];
    if (answer === undefined) asked = command.input['InstanceSpecification'] as Record<string, unknown>;
    return Promise.resolve(answer ?? { Snapshots: [] });
  };
  await snapshots.collect({
    target: { id: 'arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0' },
    containmentId: 'con-1',
    incidentId: 'inc-1',
    generation: 1,
    startedAt: new Date(Date.now() - 60_000).toISOString(),
    parameters: {},
    aws: { of: () => ({ send }) },
  } as unknown as ActionContext);
  return asked;
}

test.each([
  ['nothing yet', [], { ExcludeBootVolume: false }],
  ['the boot volume', ['vol-boot'], { ExcludeBootVolume: true }],
  ['a data volume', ['vol-data'], { ExcludeBootVolume: false, ExcludeDataVolumeIds: ['vol-data'] }],
])('what is left is asked for where there is a snapshot of %s', async (_, made, wanted) => {
  const { InstanceId, ...asked } = await askedFor(made);
  expect(InstanceId).toBe('i-0123456789abcdef0');
  expect(asked).toEqual(wanted);
});
