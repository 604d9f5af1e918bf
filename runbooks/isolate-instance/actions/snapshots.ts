import { EC2Client, CreateSnapshotsCommand, DescribeSnapshotsCommand, type SnapshotInfo } from '@aws-sdk/client-ec2';
import type { ActionContext, EvidenceSource } from '../../../lambdas/contain/runbook-host/action';
import { lockSnapshots } from '../../../lambdas/contain/shared/lock-snapshots';
import { instanceId, readInstance } from './instance';

const TAG = 'firebreak:containment';

/** Made once a generation. EC2 makes them in the background; nothing waits for it. */
export const snapshots: EvidenceSource = {
  name: 'snapshots',
  async collect(context) {
    const { boot, volumes } = await attachedVolumes(context);
    const made = await madeBefore(context, volumes);
    const missing = volumes.filter((volume) => !made.some((snapshot) => snapshot.volume === volume));
    const created = missing.length === 0 ? [] : await create(context, missing, { boot, volumes });
    const all = [...made, ...created];
    const locks = await lockSnapshots(
      context.aws.of(EC2Client),
      all.map(({ snapshot }) => snapshot),
      context.parameters['snapshotLock'],
    );
    const listed = all.map((one) => ({ ...one, lock: locks.get(one.snapshot) ?? null }));
    const unlocked = [...locks].flatMap(([snapshot, lock]) =>
      'failed' in lock ? [`${snapshot} is not locked: ${lock.failed}`] : [],
    );
    return {
      call: locks.size > 0 ? 'ec2:CreateSnapshots, ec2:LockSnapshot' : 'ec2:CreateSnapshots',
      contentType: 'application/json',
      body: JSON.stringify({ instance: instanceId(context), snapshots: listed }, null, 2),
      ...(unlocked.length > 0 && { missing: unlocked.join('; ') }),
    };
  },
};

interface Made {
  readonly snapshot: string;
  readonly volume: string;
  readonly startedAt: string;
}

interface Volumes {
  /** Undefined where the instance boots from a store of its own. */
  readonly boot: string | undefined;
  /** All of them. */
  readonly volumes: readonly string[];
}

async function attachedVolumes(context: ActionContext): Promise<Volumes> {
  const { BlockDeviceMappings = [], RootDeviceName } = await readInstance(context);
  const volumes = BlockDeviceMappings.map(({ Ebs }) => Ebs?.VolumeId).filter((id) => id !== undefined);
  return { boot: BlockDeviceMappings.find(({ DeviceName }) => DeviceName === RootDeviceName)?.Ebs?.VolumeId, volumes };
}

/** By tag, but never by tag alone: of our own account, of these volumes, and not older than the containment. */
async function madeBefore(context: ActionContext, volumes: readonly string[]): Promise<Made[]> {
  if (volumes.length === 0) return [];
  const { Snapshots } = await context.aws.of(EC2Client).send(
    new DescribeSnapshotsCommand({
      OwnerIds: ['self'],
      Filters: [
        { Name: 'volume-id', Values: [...volumes] },
        { Name: `tag:${TAG}`, Values: [tagValue(context)] },
      ],
    }),
  );
  // EC2 cuts the milliseconds off.
  const since = Math.floor(new Date(context.startedAt).getTime() / 1000) * 1000;
  return (Snapshots ?? [])
    .filter(({ StartTime, State }) => State !== 'error' && (StartTime?.getTime() ?? 0) >= since)
    .map(describe);
}

async function create(context: ActionContext, missing: readonly string[], { boot, volumes }: Volumes): Promise<Made[]> {
  const { Snapshots } = await context.aws.of(EC2Client).send(
    new CreateSnapshotsCommand({
      InstanceSpecification: {
        InstanceId: instanceId(context),
        ExcludeBootVolume: boot !== undefined && !missing.includes(boot),
        ...excluded(
          missing,
          volumes.filter((volume) => volume !== boot),
        ),
      },
      Description: `Firebreak evidence of ${instanceId(context)}, incident ${context.incidentId}`,
      TagSpecifications: [
        {
          ResourceType: 'snapshot',
          Tags: [
            { Key: TAG, Value: tagValue(context) },
            { Key: 'firebreak:incident', Value: context.incidentId },
          ],
        },
      ],
    }),
  );
  return (Snapshots ?? []).map(describe);
}

/** Data volumes of which there is a snapshot already; the boot volume has a switch of its own. */
function excluded(missing: readonly string[], data: readonly string[]) {
  const ids = data.filter((volume) => !missing.includes(volume));
  return ids.length > 0 ? { ExcludeDataVolumeIds: ids } : {};
}

function tagValue(context: ActionContext): string {
  return `${context.containmentId}/${context.generation}`;
}

function describe(snapshot: Pick<SnapshotInfo, 'SnapshotId' | 'VolumeId' | 'StartTime'>): Made {
  return {
    snapshot: snapshot.SnapshotId ?? '',
    volume: snapshot.VolumeId ?? '',
    startedAt: snapshot.StartTime?.toISOString() ?? '',
  };
}
