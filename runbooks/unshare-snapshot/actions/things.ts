import { DescribeImagesCommand, DescribeSnapshotsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeDBClusterSnapshotsCommand, DescribeDBSnapshotsCommand, RDSClient } from '@aws-sdk/client-rds';
import type { ActionContext } from '../../../lambdas/contain/runbook-host/action';
import { isNamed } from '../../../lambdas/shared/aws-error';
import type { Permission } from '../../../lib/model/runbook-facts';
import type { Thing, ThingKind } from './sharing';

type Reader = Pick<ActionContext, 'target' | 'aws'>;

const SHAPES: readonly (readonly [ThingKind, RegExp])[] = [
  ['snapshot', /^arn:aws[a-z-]*:ec2:[^:]+::snapshot\/(snap-[0-9a-f]+)$/],
  ['image', /^arn:aws[a-z-]*:ec2:[^:]+::image\/(ami-[0-9a-f]+)$/],
  ['db-snapshot', /^arn:aws[a-z-]*:rds:[^:]+:\d{12}:snapshot:(.+)$/],
  ['db-cluster-snapshot', /^arn:aws[a-z-]*:rds:[^:]+:\d{12}:cluster-snapshot:(.+)$/],
];

/** What the target is, by its ARN alone. */
export function thingOf({ target }: Pick<ActionContext, 'target'>): Thing {
  for (const [kind, shape] of SHAPES) {
    const id = shape.exec(target.id)?.[1];
    if (id !== undefined) return { kind, id, arn: target.id };
  }
  throw new Error(`'${target.id}' is not the ARN of a snapshot or an image of EC2, nor of a snapshot of RDS`);
}

/**
 * The target, and for an image the snapshots that it is made of: they hold the data, and are shared by themselves.
 *
 * @throws Error in a sentence where it does not exist, belongs to another account, or can be shared with nobody.
 */
export async function readThings(context: Reader): Promise<Thing[]> {
  const thing = thingOf(context);
  switch (thing.kind) {
    case 'snapshot':
      await readSnapshot(context, thing.id);
      return [thing];
    case 'image': {
      const prefix = thing.arn.replace(/image\/.*$/, 'snapshot/');
      const ids = await readImage(context, thing.id);
      return [thing, ...ids.map((id): Thing => ({ kind: 'snapshot', id, arn: `${prefix}${id}` }))];
    }
    case 'db-snapshot':
    case 'db-cluster-snapshot':
      await readDatabaseSnapshot(context, thing);
      return [thing];
  }
}

async function readSnapshot(context: Reader, id: string): Promise<void> {
  const { Snapshots } = await orMissing(context, id, 'InvalidSnapshot.NotFound', () =>
    context.aws.of(EC2Client).send(new DescribeSnapshotsCommand({ SnapshotIds: [id] })),
  );
  owned(context, id, Snapshots?.[0]?.OwnerId);
}

async function readImage(context: Reader, id: string): Promise<string[]> {
  const { Images } = await orMissing(context, id, 'InvalidAMIID.NotFound', () =>
    context.aws.of(EC2Client).send(new DescribeImagesCommand({ ImageIds: [id], IncludeDeprecated: true })),
  );
  owned(context, id, Images?.[0]?.OwnerId);
  const ids = (Images?.[0]?.BlockDeviceMappings ?? []).map(({ Ebs }) => Ebs?.SnapshotId);
  return [...new Set(ids)].filter((snapshot) => snapshot !== undefined);
}

async function readDatabaseSnapshot(context: Reader, { kind, id }: Thing): Promise<void> {
  const rds = context.aws.of(RDSClient);
  const type =
    kind === 'db-snapshot'
      ? await orMissing(context, id, 'DBSnapshotNotFoundFault', async () => {
          const { DBSnapshots } = await rds.send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: id }));
          return DBSnapshots?.[0]?.SnapshotType;
        })
      : await orMissing(context, id, 'DBClusterSnapshotNotFoundFault', async () => {
          const { DBClusterSnapshots } = await rds.send(
            new DescribeDBClusterSnapshotsCommand({ DBClusterSnapshotIdentifier: id }),
          );
          return DBClusterSnapshots?.[0]?.SnapshotType;
        });
  if (type !== 'manual') {
    throw new Error(
      `'${id}' is a snapshot of type '${type ?? 'unknown'}': RDS shares manual snapshots only, so nobody has it`,
    );
  }
}

async function orMissing<T>(context: Reader, id: string, name: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!isNamed(error, name, name.replace(/Fault$/, ''))) throw error;
    throw new Error(
      `'${id}' does not exist in ${context.target.region}; it may have been deleted, or be in another Region`,
      {
        cause: error,
      },
    );
  }
}

/** Public ones of others are shown as if they were there for us. */
function owned({ target }: Reader, id: string, owner: string | undefined): void {
  if (owner === target.account) return;
  throw new Error(
    `'${id}' belongs to account ${owner ?? 'unknown'}, not to ${target.account}: only its owner can end its sharing`,
  );
}

/** The change of each thing's sharing, on that thing alone. */
export function permissionsFor(things: readonly Thing[], callOf: (kind: ThingKind) => string): Permission[] {
  return things.map(({ kind, arn }) => ({ actions: [callOf(kind)], resources: [arn] }));
}
