import {
  CreateImageCommand,
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DescribeImageAttributeCommand,
  DescribeImagesCommand,
  DescribeSnapshotAttributeCommand,
  RunInstancesCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import {
  CreateDBClusterCommand,
  CreateDBClusterSnapshotCommand,
  CreateDBInstanceCommand,
  CreateDBSnapshotCommand,
  DescribeDBClusterSnapshotAttributesCommand,
  DescribeDBSnapshotAttributesCommand,
  type RDSClient,
} from '@aws-sdk/client-rds';
import { randomBytes } from 'node:crypto';
import { AwsClients } from '../../lambdas/shared/aws-clients';
import { KINDS, type Sharing, type Thing } from '../../runbooks/unshare-snapshot/actions/sharing';
import { readThings } from '../../runbooks/unshare-snapshot/actions/things';
import type { SnapshotCase } from '../../runbooks/unshare-snapshot/cases';
import { REGION, targetOf } from './run-actions';

const EC2 = 'arn:aws:ec2:us-east-1::';

export interface SnapshotClients {
  readonly ec2: EC2Client;
  readonly rds: RDSClient;
}

/** Makes a snapshot or image of a shape, and shares it; gives its ARN. */
export async function makeShared(clients: SnapshotClients, shape: SnapshotCase): Promise<string> {
  const arn = await make(clients, shape.kind);
  const aws = new AwsClients(REGION);
  const whom: Sharing = {
    everybody: shape.everybody,
    accounts: [...shape.accounts],
    organizations: [...shape.organizations],
  };
  if (!shape.everybody && shape.accounts.length === 0) return arn;
  for (const thing of await readThings({ target: targetOf('snapshot', arn), aws })) {
    if (thing.arn !== arn && !shape.snapshotsToo) continue;
    await KINDS[thing.kind].set(aws, thing.id, 'add', thing.kind === 'image' ? whom : { ...whom, organizations: [] });
  }
  return arn;
}

async function make({ ec2, rds }: SnapshotClients, kind: Thing['kind']): Promise<string> {
  const name = `made-${randomBytes(4).toString('hex')}`;
  switch (kind) {
    case 'snapshot': {
      const { VolumeId } = await ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 8 }));
      const { SnapshotId = '' } = await ec2.send(new CreateSnapshotCommand({ VolumeId }));
      return `${EC2}snapshot/${SnapshotId}`;
    }
    case 'image': {
      const { Images } = await ec2.send(new DescribeImagesCommand({ Owners: ['amazon'] }));
      const { Instances } = await ec2.send(
        new RunInstancesCommand({ ImageId: Images?.[0]?.ImageId, MinCount: 1, MaxCount: 1 }),
      );
      const { ImageId = '' } = await ec2.send(
        new CreateImageCommand({ InstanceId: Instances?.[0]?.InstanceId, Name: name }),
      );
      return `${EC2}image/${ImageId}`;
    }
    case 'db-snapshot': {
      const secret = { MasterUsername: 'admin', MasterUserPassword: 'correct-horse-1' };
      await rds.send(
        new CreateDBInstanceCommand({
          DBInstanceIdentifier: name,
          DBInstanceClass: 'db.t3.micro',
          Engine: 'mysql',
          AllocatedStorage: 20,
          ...secret,
        }),
      );
      const { DBSnapshot } = await rds.send(
        new CreateDBSnapshotCommand({ DBInstanceIdentifier: name, DBSnapshotIdentifier: `${name}-snapshot` }),
      );
      return DBSnapshot?.DBSnapshotArn ?? '';
    }
    case 'db-cluster-snapshot': {
      const secret = { MasterUsername: 'admin', MasterUserPassword: 'correct-horse-1' };
      await rds.send(new CreateDBClusterCommand({ DBClusterIdentifier: name, Engine: 'aurora-mysql', ...secret }));
      const { DBClusterSnapshot } = await rds.send(
        new CreateDBClusterSnapshotCommand({
          DBClusterIdentifier: name,
          DBClusterSnapshotIdentifier: `${name}-snapshot`,
        }),
      );
      return DBClusterSnapshot?.DBClusterSnapshotArn ?? '';
    }
  }
}

/** What AWS says about who may use it, and its snapshots: strings, in an order of their own. */
export async function readSharing({ ec2, rds }: SnapshotClients, arn: string): Promise<string[]> {
  const id = arn.split(/snapshot[:/]|image\//).at(-1) ?? '';
  if (arn.includes(':cluster-snapshot:')) {
    const { DBClusterSnapshotAttributesResult: found } = await rds.send(
      new DescribeDBClusterSnapshotAttributesCommand({ DBClusterSnapshotIdentifier: id }),
    );
    return (found?.DBClusterSnapshotAttributes?.flatMap(({ AttributeValues }) => AttributeValues ?? []) ?? []).sort();
  }
  if (arn.includes(':rds:')) {
    const { DBSnapshotAttributesResult: found } = await rds.send(
      new DescribeDBSnapshotAttributesCommand({ DBSnapshotIdentifier: id }),
    );
    return (found?.DBSnapshotAttributes?.flatMap(({ AttributeValues }) => AttributeValues ?? []) ?? []).sort();
  }
  const snapshots = arn.includes('/ami-')
    ? ((await ec2.send(new DescribeImagesCommand({ ImageIds: [id] }))).Images?.[0]?.BlockDeviceMappings ?? []).map(
        ({ Ebs }) => Ebs?.SnapshotId ?? '',
      )
    : [id];
  const said: string[] = [];
  if (arn.includes('/ami-')) {
    const { LaunchPermissions } = await ec2.send(
      new DescribeImageAttributeCommand({ ImageId: id, Attribute: 'launchPermission' }),
    );
    said.push(...(LaunchPermissions ?? []).flatMap((permission) => Object.values(permission) as string[]));
  }
  for (const SnapshotId of snapshots) {
    const { CreateVolumePermissions } = await ec2.send(
      new DescribeSnapshotAttributeCommand({ SnapshotId, Attribute: 'createVolumePermission' }),
    );
    said.push(
      ...(CreateVolumePermissions ?? [])
        .flatMap((permission) => Object.values(permission) as string[])
        .map((one) => `${SnapshotId} ${one}`),
    );
  }
  return said.sort();
}
