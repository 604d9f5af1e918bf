import {
  DescribeLockedSnapshotsCommand,
  LockSnapshotCommand,
  type EC2Client,
  type LockedSnapshotsInfo,
  type LockMode,
} from '@aws-sdk/client-ec2';
import { errorText } from '../../shared/aws-error';

/** How a snapshot stands, as EC2 says it after the attempt; or what kept it from being locked. */
export type LockState =
  { readonly state: string; readonly days?: number; readonly until?: string } | { readonly failed: string };

interface Wanted {
  readonly mode: LockMode;
  readonly days: number;
  readonly coolOffHours?: number;
}

/**
 * Locks each snapshot as the stack was told to: `governance:30`, `compliance:30:24`; none where it was told nothing. A snapshot
 * that EBS is still making can be locked, and its time counts from when it is complete. One that is locked already stays as it is.
 * A lock that fails is said, and not thrown: snapshots that nobody locked are better than none.
 *
 * @throws Error where `told` is not understood.
 */
export async function lockSnapshots(
  ec2: EC2Client,
  snapshots: readonly string[],
  told: string | undefined,
): Promise<ReadonlyMap<string, LockState>> {
  const wanted = wantedLock(told);
  if (!wanted || snapshots.length === 0) return new Map();
  const found = new Map<string, LockState>();
  for (const snapshot of snapshots) {
    try {
      if ((await lockOf(ec2, snapshot)) === undefined) await lock(ec2, snapshot, wanted);
      const now = await lockOf(ec2, snapshot);
      found.set(snapshot, now ? stateOf(now) : { failed: 'EC2 took the call, and shows no lock' });
    } catch (error) {
      found.set(snapshot, { failed: errorText(error) });
    }
  }
  return found;
}

async function lock(ec2: EC2Client, SnapshotId: string, wanted: Wanted): Promise<void> {
  await ec2.send(
    new LockSnapshotCommand({
      SnapshotId,
      LockMode: wanted.mode,
      LockDuration: wanted.days,
      ...(wanted.coolOffHours !== undefined && { CoolOffPeriod: wanted.coolOffHours }),
    }),
  );
}

async function lockOf(ec2: EC2Client, snapshot: string): Promise<LockedSnapshotsInfo | undefined> {
  const { Snapshots } = await ec2.send(new DescribeLockedSnapshotsCommand({ SnapshotIds: [snapshot] }));
  return (Snapshots ?? []).find(({ SnapshotId, LockState }) => SnapshotId === snapshot && LockState !== 'expired');
}

function stateOf({ LockState, LockDuration, LockExpiresOn }: LockedSnapshotsInfo): LockState {
  return {
    state: LockState ?? 'unknown',
    ...(LockDuration !== undefined && { days: LockDuration }),
    // Missing while EBS is still making the snapshot.
    ...(LockExpiresOn && { until: LockExpiresOn.toISOString() }),
  };
}

/** @throws Error where the stack passed something else on: a lock that was asked for must not be left out in silence. */
export function wantedLock(text: string | undefined): Wanted | undefined {
  if (text === undefined) return undefined;
  const { mode, days, hours } =
    /^(?<mode>governance|compliance):(?<days>\d+)(?::(?<hours>\d+))?$/.exec(text)?.groups ?? {};
  if (mode === undefined || days === undefined)
    throw new Error(`the lock of snapshots is '${text}', not like 'governance:30'; deploy this version's stack`);
  return {
    mode: mode === 'governance' ? 'governance' : 'compliance',
    days: Number(days),
    ...(hours !== undefined && { coolOffHours: Number(hours) }),
  };
}
