import {
  DescribeImageAttributeCommand,
  DescribeSnapshotAttributeCommand,
  EC2Client,
  ModifyImageAttributeCommand,
  ModifySnapshotAttributeCommand,
  type LaunchPermission,
} from '@aws-sdk/client-ec2';
import {
  DescribeDBClusterSnapshotAttributesCommand,
  DescribeDBSnapshotAttributesCommand,
  ModifyDBClusterSnapshotAttributeCommand,
  ModifyDBSnapshotAttributeCommand,
  RDSClient,
  type DBSnapshotAttribute,
} from '@aws-sdk/client-rds';
import type { AwsClients } from '../../../lambdas/shared/aws-clients';

/** What can be shared: each kind has calls of its own. */
export type ThingKind = 'snapshot' | 'image' | 'db-snapshot' | 'db-cluster-snapshot';

/** Something that can be shared. */
export type Thing = { readonly kind: ThingKind; readonly id: string; readonly arn: string };

/** With whom something is shared. */
export type Sharing = {
  /** With everybody. */
  readonly everybody: boolean;
  /** Account ids. */
  readonly accounts: string[];
  /** ARNs of organisations and organisational units; images only. */
  readonly organizations: string[];
};

interface Calls {
  /** As IAM and people call the change. */
  readonly change: string;
  read(aws: AwsClients, id: string): Promise<Sharing>;
  set(change: AwsClients, id: string, step: 'add' | 'remove', whom: Sharing): Promise<void>;
}

/** The word by which EC2 and RDS mean everybody. */
const EVERYBODY = 'all';

/** Each kind with its calls; a further kind is a further row. */
export const KINDS: Readonly<Record<ThingKind, Calls>> = {
  snapshot: {
    change: 'ec2:ModifySnapshotAttribute',
    async read(aws, SnapshotId) {
      const { CreateVolumePermissions = [] } = await aws
        .of(EC2Client)
        .send(new DescribeSnapshotAttributeCommand({ SnapshotId, Attribute: 'createVolumePermission' }));
      return {
        everybody: CreateVolumePermissions.some(({ Group }) => Group === EVERYBODY),
        accounts: texts(CreateVolumePermissions.map(({ UserId }) => UserId)),
        organizations: [],
      };
    },
    async set(change, SnapshotId, OperationType, whom) {
      await change.of(EC2Client).send(
        new ModifySnapshotAttributeCommand({
          SnapshotId,
          Attribute: 'createVolumePermission',
          OperationType,
          ...(whom.everybody && { GroupNames: [EVERYBODY] }),
          ...(whom.accounts.length > 0 && { UserIds: whom.accounts }),
        }),
      );
    },
  },
  image: {
    change: 'ec2:ModifyImageAttribute',
    async read(aws, ImageId) {
      const { LaunchPermissions = [] } = await aws
        .of(EC2Client)
        .send(new DescribeImageAttributeCommand({ ImageId, Attribute: 'launchPermission' }));
      return {
        everybody: LaunchPermissions.some(({ Group }) => Group === EVERYBODY),
        accounts: texts(LaunchPermissions.map(({ UserId }) => UserId)),
        organizations: texts(
          LaunchPermissions.map(
            ({ OrganizationArn, OrganizationalUnitArn }) => OrganizationArn ?? OrganizationalUnitArn,
          ),
        ),
      };
    },
    async set(change, ImageId, step, whom) {
      const permissions: LaunchPermission[] = [
        ...(whom.everybody ? [{ Group: 'all' as const }] : []),
        ...whom.accounts.map((UserId) => ({ UserId })),
        ...whom.organizations.map((arn) =>
          arn.includes(':ou/') ? { OrganizationalUnitArn: arn } : { OrganizationArn: arn },
        ),
      ];
      const LaunchPermission = step === 'add' ? { Add: permissions } : { Remove: permissions };
      await change.of(EC2Client).send(new ModifyImageAttributeCommand({ ImageId, LaunchPermission }));
    },
  },
  'db-snapshot': {
    change: 'rds:ModifyDBSnapshotAttribute',
    async read(aws, DBSnapshotIdentifier) {
      const { DBSnapshotAttributesResult } = await aws
        .of(RDSClient)
        .send(new DescribeDBSnapshotAttributesCommand({ DBSnapshotIdentifier }));
      return restorers(DBSnapshotAttributesResult?.DBSnapshotAttributes);
    },
    async set(change, DBSnapshotIdentifier, step, whom) {
      await change
        .of(RDSClient)
        .send(new ModifyDBSnapshotAttributeCommand({ DBSnapshotIdentifier, ...restore(step, whom) }));
    },
  },
  'db-cluster-snapshot': {
    change: 'rds:ModifyDBClusterSnapshotAttribute',
    async read(aws, DBClusterSnapshotIdentifier) {
      const { DBClusterSnapshotAttributesResult } = await aws
        .of(RDSClient)
        .send(new DescribeDBClusterSnapshotAttributesCommand({ DBClusterSnapshotIdentifier }));
      return restorers(DBClusterSnapshotAttributesResult?.DBClusterSnapshotAttributes);
    },
    async set(change, DBClusterSnapshotIdentifier, step, whom) {
      await change
        .of(RDSClient)
        .send(new ModifyDBClusterSnapshotAttributeCommand({ DBClusterSnapshotIdentifier, ...restore(step, whom) }));
    },
  },
};

function restorers(attributes: readonly DBSnapshotAttribute[] = []): Sharing {
  const values = attributes.find(({ AttributeName }) => AttributeName === 'restore')?.AttributeValues ?? [];
  return {
    everybody: values.includes(EVERYBODY),
    accounts: values.filter((value) => value !== EVERYBODY).sort(),
    organizations: [],
  };
}

function restore(step: 'add' | 'remove', whom: Sharing) {
  const values = [...(whom.everybody ? [EVERYBODY] : []), ...whom.accounts];
  return { AttributeName: 'restore', ...(step === 'add' ? { ValuesToAdd: values } : { ValuesToRemove: values }) };
}

/** Sorted: AWS keeps no order. */
function texts(values: readonly (string | undefined)[]): string[] {
  return values.filter((value) => value !== undefined).sort();
}
