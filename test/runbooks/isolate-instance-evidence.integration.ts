import { afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { DescribeLockedSnapshotsCommand, DescribeSnapshotsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingClient } from '@aws-sdk/client-elastic-load-balancing';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAMClient } from '@aws-sdk/client-iam';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { readTimeline } from '../../lambdas/shared/store/timelines';
import { runbook } from '../../runbooks/isolate-instance/actions';
import { cases, type InstanceCase } from '../../runbooks/isolate-instance/cases';
import { readVaultManifest } from '../contain/read-manifest';
import { World } from '../contain/world';
import { embeddedAws } from '../embedded/aws';
import { quickPatience } from '../support/quick-patience';
import { makeInstance, type Clients } from './instance';

jest.setTimeout(120_000);

const BARE = cases[0] as InstanceCase;

describe('evidence of an instance, where the stack locks snapshots', () => {
  const aws = embeddedAws();
  quickPatience();
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
    world = await World.create(aws, 'arn:aws:iam::000000000000:policy/unused', { snapshotLock: 'governance:45' });
  });
  beforeEach(() => {
    jest.spyOn(console, 'log').mockReturnValue();
    jest.spyOn(console, 'error').mockReturnValue();
  });
  afterEach(async () => {
    for (const fault of faults.splice(0)) await aws.proxy.remove(fault);
  });

  const refuse = async (operation: string, code: string) =>
    faults.push(
      await aws.proxy.inject({ match: { service: 'ec2', operation }, fault: 'access-denied', code, times: 0 }),
    );

  async function contained() {
    const made = await makeInstance(clients, BARE);
    const incidentId = await world.openIncident();
    const containment = await world.hold(runbook, made.target, incidentId);
    expect((await world.contain(runbook, containment, { twice: true })).end).toBe('succeeded');
    const { Snapshots } = await clients.ec2.send(
      new DescribeSnapshotsCommand({ Filters: [{ Name: 'tag:firebreak:incident', Values: [incidentId] }] }),
    );
    const timeline = await readTimeline(world.table, incidentId);
    return {
      ids: (Snapshots ?? []).map(({ SnapshotId = '' }) => SnapshotId).sort(),
      manifest: await readVaultManifest(world, incidentId, containment),
      missing: timeline.filter(({ kind }) => kind === 'evidence-failed').map(({ text }) => text),
    };
  }

  async function read(key: string) {
    const { Body } = await world.s3.send(new GetObjectCommand({ Bucket: world.bucket, Key: key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  }

  const keyOf = (items: readonly { readonly key: string }[], name: string) =>
    items.find(({ key }) => key.includes(`/${name}.`))?.key ?? '';

  async function locksOf(SnapshotIds: string[]) {
    const { Snapshots } = await clients.ec2.send(new DescribeLockedSnapshotsCommand({ SnapshotIds }));
    return (Snapshots ?? []).map(({ SnapshotId, LockState, LockDuration }) => [SnapshotId, LockState, LockDuration]);
  }

  test('each snapshot is locked for as long as was said, and the evidence says until when', async () => {
    const { ids, manifest, missing } = await contained();

    expect(ids).toHaveLength(2);
    expect((await locksOf(ids)).sort()).toEqual(ids.map((id) => [id, 'governance', 45]));
    const body = JSON.parse((await read(keyOf(manifest.items, 'snapshots'))).toString('utf8')) as {
      snapshots: { lock: unknown }[];
    };
    expect(body.snapshots.map(({ lock }) => lock)).toEqual(
      ids.map(() => ({ state: 'governance', days: 45, until: expect.stringMatching(/^\d{4}-/) })),
    );
    expect({ problems: manifest.problems, missing }).toEqual({ problems: [], missing: [] });
  });

  test('a lock that is refused leaves the snapshots in the evidence, contains, and is told to people', async () => {
    await refuse('LockSnapshot', 'UnauthorizedOperation');

    const { ids, manifest, missing } = await contained();

    expect(await locksOf(ids)).toEqual([]);
    expect(keyOf(manifest.items, 'snapshots')).not.toBe('');
    expect(missing).toEqual([expect.stringMatching(/^'snapshots' is not complete: snap-\w+ is not locked: .*; snap-/)]);
  });

  test('the screen is kept as a picture; an instance that shows none is told of, and contained', async () => {
    const shown = await contained();
    const picture = await read(keyOf(shown.manifest.items, 'console-screenshot'));
    expect([...picture.subarray(0, 2)]).toEqual([0xff, 0xd8]);

    await refuse('GetConsoleScreenshot', 'UnsupportedOperation');
    const { manifest, missing } = await contained();

    expect(keyOf(manifest.items, 'console-screenshot')).toBe('');
    expect(keyOf(manifest.items, 'console-output')).not.toBe('');
    expect(missing).toEqual([expect.stringMatching(/^Could not collect 'console-screenshot': /)]);
  });

  test('where there is no newest output of the console, what was there after the start is taken', async () => {
    faults.push(
      await aws.proxy.inject({
        match: { service: 'ec2', operation: 'GetConsoleOutput' },
        fault: 'access-denied',
        code: 'UnsupportedOperation',
        times: 1,
      }),
    );

    const { manifest, missing } = await contained();

    expect(keyOf(manifest.items, 'console-output')).not.toBe('');
    expect(missing).toEqual([]);
  });
});
