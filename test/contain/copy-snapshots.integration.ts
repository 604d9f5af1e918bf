import { afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import {
  CreateSnapshotCommand,
  CreateTagsCommand,
  DescribeLockedSnapshotsCommand,
  DescribeSnapshotsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingClient } from '@aws-sdk/client-elastic-load-balancing';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAMClient } from '@aws-sdk/client-iam';
import { handler } from '../../lambdas/contain/copy-snapshots/handler';
import { readTimeline } from '../../lambdas/shared/store/incidents';
import { runbook } from '../../runbooks/isolate-instance/actions';
import { cases, type InstanceCase } from '../../runbooks/isolate-instance/cases';
import { embeddedAws } from '../embedded/aws';
import { makeInstance, type Clients } from '../runbooks/instance';
import { World } from './world';

jest.setTimeout(120_000);

const FORENSIC_KEY = 'arn:aws:kms:us-east-1:999988887777:key/11111111-2222-3333-4444-555555555555';

describe('snapshots that are evidence, where there is a forensic key', () => {
  const aws = embeddedAws();
  const clients: Clients = {
    ec2: new EC2Client(aws.client),
    iam: new IAMClient(aws.client),
    autoScaling: new AutoScalingClient(aws.client),
    loadBalancing: new ElasticLoadBalancingV2Client(aws.client),
    classic: new ElasticLoadBalancingClient(aws.client),
  };
  const faults: string[] = [];
  let world: World;

  beforeAll(async () => {
    world = await World.create(aws, 'arn:aws:iam::000000000000:policy/unused');
    Object.assign(process.env, { FORENSIC_KEY_ARN: FORENSIC_KEY, SNAPSHOT_LOCK: 'compliance:7:24' });
  });
  beforeEach(() => {
    for (const method of ['log', 'warn', 'error'] as const) jest.spyOn(console, method).mockReturnValue();
  });
  afterEach(async () => {
    for (const fault of faults.splice(0)) await aws.proxy.remove(fault);
  });

  /** An instance is isolated; gives its incident and its snapshots. */
  async function isolated() {
    const made = await makeInstance(clients, cases[0] as InstanceCase);
    const incidentId = await world.openIncident();
    const containment = await world.hold(runbook, made.target, incidentId);
    expect((await world.contain(runbook, containment)).end).toBe('succeeded');
    const taken = await tagged('firebreak:containment', `${containment.id}/1`);
    expect(taken).toHaveLength(2);
    return { incidentId, containment, taken };
  }

  async function tagged(key: string, value: string) {
    const { Snapshots } = await clients.ec2.send(
      new DescribeSnapshotsCommand({ OwnerIds: ['self'], Filters: [{ Name: `tag:${key}`, Values: [value] }] }),
    );
    return Snapshots ?? [];
  }

  const copiesOf = async (ids: readonly { SnapshotId?: string }[]) =>
    (await Promise.all(ids.map(({ SnapshotId = '' }) => tagged('firebreak:copy-of', SnapshotId)))).flat();

  const saidOf = async (incidentId: string) =>
    (await readTimeline(world.table, incidentId))
      .map(({ text }) => text)
      .filter((text) => text.includes('forensic key'));

  test('each is copied to it once, locked, and that stands on the timeline', async () => {
    const { incidentId, taken } = await isolated();

    await handler();
    await handler();

    const copies = await copiesOf(taken);
    expect(copies).toHaveLength(2);
    expect(copies.map(({ KmsKeyId }) => KmsKeyId)).toEqual([FORENSIC_KEY, FORENSIC_KEY]);
    const { Snapshots } = await clients.ec2.send(
      new DescribeLockedSnapshotsCommand({ SnapshotIds: copies.map(({ SnapshotId = '' }) => SnapshotId) }),
    );
    expect(Snapshots?.map(({ LockState, LockDuration }) => [LockState, LockDuration])).toEqual([
      ['compliance-cooloff', 7],
      ['compliance-cooloff', 7],
    ]);
    const ids = taken.map(({ SnapshotId = '' }) => SnapshotId).sort();
    expect((await saidOf(incidentId)).sort()).toEqual(
      ids.map((id) => expect.stringMatching(`^Snapshot ${id} is copied to snap-.*locked`) as unknown),
    );
  });

  test('what has our tags and was not taken by us is not copied', async () => {
    const { containment, taken } = await isolated();
    const { SnapshotId = '' } = await clients.ec2.send(new CreateSnapshotCommand({ VolumeId: taken[0]?.VolumeId }));
    const tag = (containmentTag: string, incident: string) =>
      clients.ec2.send(
        new CreateTagsCommand({
          Resources: [SnapshotId],
          Tags: [
            { Key: 'firebreak:containment', Value: containmentTag },
            { Key: 'firebreak:incident', Value: incident },
          ],
        }),
      );

    for (const [containmentTag, incident] of [
      [`con-${'0'.repeat(32)}/1`, containment.incidentId],
      [`${containment.id}/1`, 'inc-of-somebody-else'],
      ['con-1; rm -rf', containment.incidentId],
    ] as const) {
      await tag(containmentTag, incident);
      await handler();
    }

    expect(await copiesOf([{ SnapshotId }])).toEqual([]);
  });

  test('what is refused is told once, the others are copied, and the error goes where it is noticed', async () => {
    const { incidentId, taken } = await isolated();
    const match = { service: 'ec2', operation: 'CopySnapshot' };
    faults.push(await aws.proxy.inject({ match, fault: 'access-denied', times: 1 }));

    await expect(handler()).rejects.toThrow(/^not copied to the forensic key: snap-\w+: /);
    expect(await copiesOf(taken)).toHaveLength(1);
    await handler();

    expect(await copiesOf(taken)).toHaveLength(2);
    expect((await saidOf(incidentId)).filter((text) => text.includes('could not be copied'))).toHaveLength(1);
  });

  test('a copy of which nobody heard, because we were killed, is not made again', async () => {
    const { incidentId, taken } = await isolated();
    faults.push(
      await aws.proxy.inject({
        match: { service: 'ec2', operation: 'LockSnapshot' },
        fault: 'access-denied',
        times: 0,
      }),
    );
    await expect(handler()).rejects.toThrow(/its copy snap-\w+ is not locked/);
    await aws.proxy.remove(faults.pop() ?? '');

    await handler();

    expect(await copiesOf(taken)).toHaveLength(2);
    expect((await saidOf(incidentId)).filter((text) => text.includes('locked (compliance-cooloff)'))).toHaveLength(2);
  });
});
