import { afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import {
  CreateSnapshotCommand,
  CreateTagsCommand,
  DescribeLockedSnapshotsCommand,
  DescribeSnapshotsCommand,
  EC2Client,
  type DescribeSnapshotsCommandOutput,
  type SnapshotState,
} from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingClient } from '@aws-sdk/client-elastic-load-balancing';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAMClient } from '@aws-sdk/client-iam';
import { handler } from '../../lambdas/contain/copy-snapshots/handler';
import { changeContainment } from '../../lambdas/shared/store/containments';
import { readTimeline } from '../../lambdas/shared/store/timelines';
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
    jest.restoreAllMocks();
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

  /** EBS copies in the background, which the emulator does at once: what it says about the copies of some snapshots is changed. */
  function copiesRead(sources: readonly { SnapshotId?: string }[], State: SnapshotState) {
    const send = Reflect.get(EC2Client.prototype, 'send') as (command: unknown) => Promise<unknown>;
    jest.spyOn(EC2Client.prototype, 'send').mockImplementation(async function (this: EC2Client, command: unknown) {
      const answer = await send.call(this, command);
      if (!(command instanceof DescribeSnapshotsCommand)) return answer;
      const page = answer as DescribeSnapshotsCommandOutput;
      const isOne = (text = '') => sources.some(({ SnapshotId = '' }) => text.includes(`copy of ${SnapshotId},`));
      return {
        ...page,
        Snapshots: page.Snapshots?.map((one) => (isOne(one.Description) ? { ...one, State } : one)),
      };
    } as never);
  }

  test('what EBS is still copying is not called copied', async () => {
    const { incidentId, taken } = await isolated();
    copiesRead(taken, 'pending');

    await handler();
    await handler();

    expect(await copiesOf(taken)).toHaveLength(2);
    const before = await saidOf(incidentId);
    expect(before.filter((text) => text.includes('is being copied to snap-'))).toHaveLength(2);
    expect(before.filter((text) => text.includes('is copied'))).toEqual([]);

    jest.restoreAllMocks();
    await handler();
    expect((await saidOf(incidentId)).filter((text) => text.includes('is copied to snap-'))).toHaveLength(2);
  });

  test('a copy that ends in an error is told, is not made again every quarter of an hour, and is not called copied', async () => {
    const { incidentId, taken } = await isolated();
    await handler();
    copiesRead(taken, 'error');

    await expect(handler()).rejects.toThrow(/copy snap-\w+ ended in 'error'/);
    await expect(handler()).rejects.toThrow(/copy snap-\w+ ended in 'error'/);

    jest.restoreAllMocks();
    expect(await copiesOf(taken)).toHaveLength(2);
    const said = await saidOf(incidentId);
    expect(said.filter((text) => text.includes("ended in 'error'"))).toHaveLength(2);
    expect(said.filter((text) => text.includes('is copied'))).toEqual([]);
  });

  test('a snapshot that somebody tagged or described as the copy is none: the evidence is copied, and theirs is not locked', async () => {
    const { incidentId, taken } = await isolated();
    const evidence = taken[0]?.SnapshotId ?? '';
    const { SnapshotId: theirs = '' } = await clients.ec2.send(
      new CreateSnapshotCommand({
        VolumeId: taken[0]?.VolumeId,
        Description: `Firebreak evidence: copy of ${evidence}, incident ${incidentId}`,
        TagSpecifications: [{ ResourceType: 'snapshot', Tags: [{ Key: 'firebreak:copy-of', Value: evidence }] }],
      }),
    );

    await handler();
    await handler();

    const copies = (await tagged('firebreak:copy-of', evidence)).filter(({ SnapshotId }) => SnapshotId !== theirs);
    expect(copies.map(({ KmsKeyId }) => KmsKeyId)).toEqual([FORENSIC_KEY]);
    expect((await saidOf(incidentId)).filter((text) => text.includes(theirs))).toEqual([]);
    const { Snapshots } = await clients.ec2.send(new DescribeLockedSnapshotsCommand({ SnapshotIds: [theirs] }));
    expect(Snapshots ?? []).toEqual([]);
  });

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
    const said = (await saidOf(incidentId)).filter((text) => text.includes('is copied'));
    expect(said.sort()).toEqual(
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
      ['con-1; rm -rf', containment.incidentId],
    ] as const) {
      await tag(containmentTag, incident);
      await handler();
    }

    expect(await copiesOf([{ SnapshotId }])).toEqual([]);
  });

  test('a snapshot is copied, though its incident has let go of the containment and another holds it', async () => {
    const { incidentId, containment, taken } = await isolated();
    const other = await world.openIncident();
    await changeContainment(world.table, containment.id, (now) => now && { ...now, holds: [other], incidentId: other });

    await handler();

    expect(await copiesOf(taken)).toHaveLength(2);
    expect(await saidOf(incidentId)).toEqual([]);
    expect(await saidOf(other)).toHaveLength(2);
  });

  test('what names a containment that cannot have taken it is told, not left out', async () => {
    const { containment, taken } = await isolated();
    const { SnapshotId = '' } = taken[0] ?? {};
    const tag = (Value: string) =>
      clients.ec2.send(
        new CreateTagsCommand({ Resources: [SnapshotId], Tags: [{ Key: 'firebreak:containment', Value }] }),
      );
    await tag(`${containment.id}/7`);

    await expect(handler()).rejects.toThrow(`${SnapshotId}: Error: its tag '${containment.id}/7' names a containment`);

    expect(await copiesOf([{ SnapshotId }])).toEqual([]);

    await tag(`${containment.id}/1`);
    await handler();
    expect(await copiesOf([{ SnapshotId }])).toHaveLength(1);
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
