import {
  DescribeLockedSnapshotsCommand,
  EC2Client,
  LockSnapshotCommand,
  type LockedSnapshotsInfo,
  type LockMode,
} from '@aws-sdk/client-ec2';
import type { ActionContext } from '../../../lambdas/contain/runbook-host/action';
import { errorText } from '../../../lambdas/shared/aws-error';

/** How a snapshot stands, as EC2 says it after the attempt; or what kept it from being locked. */
export type LockState =
  { readonly state: string; readonly days?: number; readonly until?: string } | { readonly failed: string };

interface Wanted {
  readonly mode: LockMode;
  readonly days: number;
  readonly coolOffHours?: number;
}

/**
 * Locks each snapshot as the stack was told to, by parameter `snapshotLock`: `governance:30`, `compliance:30:24`. A snapshot that
 * EBS is still making can be locked, and its time counts from when it is complete. One that is locked already stays as it is.
 * Nothing is thrown: snapshots that nobody locked are better than none.
 */
export async function lockSnapshots(
  context: ActionContext,
  snapshots: readonly string[],
): Promise<ReadonlyMap<string, LockState>> {
  const wanted = wantedLock(context.parameters['snapshotLock']);
  if (!wanted || snapshots.length === 0) return new Map();
  const found = new Map<string, LockState>();
  for (const snapshot of snapshots) {
    try {
      if ((await lockOf(context, snapshot)) === undefined) await lock(context, snapshot, wanted);
      const now = await lockOf(context, snapshot);
      found.set(snapshot, now ? stateOf(now) : { failed: 'EC2 took the call, and shows no lock' });
    } catch (error) {
      found.set(snapshot, { failed: errorText(error) });
    }
  }
  return found;
}

async function lock(context: ActionContext, SnapshotId: string, wanted: Wanted): Promise<void> {
  await context.aws.of(EC2Client).send(
    new LockSnapshotCommand({
      SnapshotId,
      LockMode: wanted.mode,
      LockDuration: wanted.days,
      ...(wanted.coolOffHours !== undefined && { CoolOffPeriod: wanted.coolOffHours }),
    }),
  );
}

async function lockOf(context: ActionContext, snapshot: string): Promise<LockedSnapshotsInfo | undefined> {
  const { Snapshots } = await context.aws
    .of(EC2Client)
    .send(new DescribeLockedSnapshotsCommand({ SnapshotIds: [snapshot] }));
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
    throw new Error(`parameter 'snapshotLock' is '${text}', not like 'governance:30'; deploy this version's stack`);
  return {
    mode: mode === 'governance' ? 'governance' : 'compliance',
    days: Number(days),
    ...(hours !== undefined && { coolOffHours: Number(hours) }),
  };
}
