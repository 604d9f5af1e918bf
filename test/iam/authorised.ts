import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import {
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { GetInstanceProfileCommand, GetRoleCommand, GetUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import { GetBucketReplicationCommand, S3Client } from '@aws-sdk/client-s3';
import type { RecordedCall } from '../../local/proxy/call';
import type { ShapeAws } from '../runbooks/contract';
import { ACCOUNT, REGION, type Asked, type Step } from './asked';
import { ofFunction } from './asked-function';
import { ofLogging } from './asked-logging';
import type { Call, Context } from './roles';

/** Where the permission is not called as the call is. */
const S3_PERMISSIONS: Readonly<Record<string, string>> = {
  PutPublicAccessBlock: 'PutBucketPublicAccessBlock',
  PutBucketReplication: 'PutReplicationConfiguration',
  PutBucketLifecycleConfiguration: 'PutLifecycleConfiguration',
};
/** IAM's prefix where it is not the service's name in signatures. */
const PREFIXES: Readonly<Record<string, string>> = { monitoring: 'cloudwatch' };
const EC2_KINDS: Readonly<Record<string, string>> = {
  eni: 'network-interface',
  i: 'instance',
  sg: 'security-group',
  ami: 'image',
  snap: 'snapshot',
  vol: 'volume',
  vpc: 'vpc',
};

/**
 * What AWS asks IAM about for a recorded call: one or more resources, which are not always those that the call names (Service
 * Authorization Reference; an interface is not its instance). Looks into the embedded AWS for what the call does not say.
 */
export class Authorised {
  readonly #iam: IAMClient;
  readonly #ec2: EC2Client;
  readonly #scaling: AutoScalingClient;
  readonly #s3: S3Client;
  readonly #config: ConfigServiceClient;

  constructor(
    aws: ShapeAws,
    private readonly quarantine: string,
  ) {
    this.#iam = new IAMClient(aws.client);
    this.#ec2 = new EC2Client(aws.client);
    this.#scaling = new AutoScalingClient(aws.client);
    this.#s3 = new S3Client({ ...aws.client, forcePathStyle: true });
    this.#config = new ConfigServiceClient(aws.client);
  }

  /** @throws Error where the table does not know the call: a call that nobody looked at is not proven. */
  async asks(call: RecordedCall, target: string, step: Step): Promise<Call[]> {
    const action = `${PREFIXES[call.service] ?? call.service}:${call.operation}`;
    const resources = await this.#resources(call, target, step);
    if (resources.length === 0) {
      throw new Error(
        `${action} names ${JSON.stringify(call.resource)}: teach test/iam/authorised.ts what AWS asks about`,
      );
    }
    return resources.map(([resource, context = {}, name = action]) => [name, resource, context]);
  }

  #resources(call: RecordedCall, target: string, step: Step): Promise<Asked[]> {
    switch (call.service) {
      case 'iam':
        return this.#identity(call);
      case 'ec2':
        return this.#compute(call, target);
      case 'autoscaling':
        return this.#group(call, target);
      case 's3':
        return this.#bucket(call);
      case 'lambda':
        return Promise.resolve(ofFunction(call, target, step));
      case 'rds':
        return Promise.resolve(databaseSnapshot(call));
      case 'cloudtrail':
      case 'config':
      case 'guardduty':
        return ofLogging(call, this.#config);
      default:
        return Promise.resolve(named(call));
    }
  }

  async #identity({ operation, resource }: RecordedCall): Promise<Asked[]> {
    const context: Context = {
      ...(resource['PolicyArn'] !== undefined && { 'iam:PolicyARN': resource['PolicyArn'] }),
      ...(/PermissionsBoundary$/.test(operation) && {
        // Deleting one is asked about with the boundary that is there: ours, or the call would not be made.
        'iam:PermissionsBoundary': resource['PermissionsBoundary'] ?? this.quarantine,
      }),
    };
    const { UserName, RoleName } = resource;
    if (UserName !== undefined) {
      const { User } = await this.#iam.send(new GetUserCommand({ UserName }));
      return [[User?.Arn ?? '', context]];
    }
    if (RoleName === undefined) return [];
    const { Role } = await this.#iam.send(new GetRoleCommand({ RoleName }));
    return [[Role?.Arn ?? '', context]];
  }

  async #compute({ operation, resource }: RecordedCall, target: string): Promise<Asked[]> {
    const ids = Object.values(resource).filter((id) => /^(?:ami|eni|i|sg|snap|vol|vpc)-[0-9a-f]+$/.test(id));
    const tags = Object.entries(resource).flatMap(([name, key]) => (/Tag\.\d+\.Key$/.test(name) ? [key] : []));
    switch (operation) {
      case 'ModifyNetworkInterfaceAttribute': {
        const interfaces = await Promise.all(ids.filter((id) => id.startsWith('eni')).map((id) => this.#interface(id)));
        const groups = ids.filter((id) => id.startsWith('sg')).map((id) => this.#securityGroup(id));
        return [...interfaces.flat(), ...(await Promise.all(groups))];
      }
      case 'CreateSecurityGroup': {
        const isolation = { 'aws:RequestTag/firebreak:isolation': 'true', 'aws:TagKeys': tags };
        const group = ec2Arn('sg-0123456789abcdef0');
        return [
          ...ids.map((id): Asked => [ec2Arn(id)]),
          [group, isolation],
          [group, { ...isolation, 'ec2:CreateAction': 'CreateSecurityGroup' }, 'ec2:CreateTags'],
        ];
      }
      case 'AuthorizeSecurityGroupEgress':
      case 'AuthorizeSecurityGroupIngress':
      case 'RevokeSecurityGroupEgress':
      case 'RevokeSecurityGroupIngress':
        return Promise.all(ids.filter((id) => id.startsWith('sg')).map((id) => this.#securityGroup(id)));
      case 'CreateTags':
      case 'DeleteTags':
        return ids.map((id) => [ec2Arn(id), { 'aws:TagKeys': tags }]);
      case 'ModifyInstanceAttribute':
        return [...ids.map((id): Asked => [ec2Arn(id)]), ...(await this.#volumes(ids))];
      case 'DisassociateIamInstanceProfile':
        return [[ec2Arn(target.split('/').at(-1) ?? '')]];
      case 'AssociateIamInstanceProfile':
        return [...ids.map((id): Asked => [ec2Arn(id)]), ...(await this.#passed(resource))];
      default:
        return ids.map((id) => [ec2Arn(id)]);
    }
  }

  /** S3's calls have other names than its permissions; a rule of replication hands a role over. */
  async #bucket({ operation, resource: { Bucket = '' } }: RecordedCall): Promise<Asked[]> {
    const context = { 's3:ResourceAccount': ACCOUNT };
    const bucket: Asked = [`arn:aws:s3:::${Bucket}`, context, `s3:${S3_PERMISSIONS[operation] ?? operation}`];
    if (operation !== 'PutBucketReplication') return [bucket];
    const { ReplicationConfiguration } = await this.#s3.send(new GetBucketReplicationCommand({ Bucket }));
    const passed = { 'iam:PassedToService': 's3.amazonaws.com' };
    return [bucket, [ReplicationConfiguration?.Role ?? '', passed, 'iam:PassRole']];
  }

  /** The interface, and the instance that it is attached to. */
  async #interface(id: string): Promise<Asked[]> {
    const { NetworkInterfaces } = await this.#ec2.send(
      new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [id] }),
    );
    const { VpcId = '', Attachment } = NetworkInterfaces?.[0] ?? {};
    const instance = Attachment?.InstanceId;
    return [
      [ec2Arn(id), { 'ec2:Vpc': ec2Arn(VpcId) }],
      ...(instance === undefined ? [] : [[ec2Arn(instance)] as Asked]),
    ];
  }

  async #securityGroup(id: string): Promise<Asked> {
    const { SecurityGroups } = await this.#ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] }));
    const tags = (SecurityGroups?.[0]?.Tags ?? []).map(({ Key, Value }) => [
      `aws:ResourceTag/${Key ?? ''}`,
      Value ?? '',
    ]);
    return [ec2Arn(id), Object.fromEntries(tags) as Context];
  }

  async #volumes(instances: readonly string[]): Promise<Asked[]> {
    const { Reservations } = await this.#ec2.send(new DescribeInstancesCommand({ InstanceIds: [...instances] }));
    return (Reservations ?? [])
      .flatMap(({ Instances }) => Instances ?? [])
      .flatMap(({ BlockDeviceMappings }) => BlockDeviceMappings ?? [])
      .map(({ Ebs }) => [ec2Arn(Ebs?.VolumeId ?? '')]);
  }

  /** The roles of the profile that is given. */
  async #passed(resource: RecordedCall['resource']): Promise<Asked[]> {
    const profile = Object.values(resource).find((value) => value.includes(':instance-profile/'));
    if (profile === undefined) throw new Error(`no profile in ${JSON.stringify(resource)}`);
    const { InstanceProfile } = await this.#iam.send(
      new GetInstanceProfileCommand({ InstanceProfileName: profile.split('/').at(-1) }),
    );
    return (InstanceProfile?.Roles ?? []).map(({ Arn }) => [
      Arn ?? '',
      { 'iam:PassedToService': 'ec2.amazonaws.com' },
      'iam:PassRole',
    ]);
  }

  /** Calls that name an instance are asked about for its group. */
  async #group({ resource }: RecordedCall, target: string): Promise<Asked[]> {
    const { AutoScalingGroups } = await this.#scaling.send(new DescribeAutoScalingGroupsCommand({}));
    const instance = target.split('/').at(-1);
    const found = (AutoScalingGroups ?? []).filter(({ AutoScalingGroupName, Instances }) =>
      resource['AutoScalingGroupName'] === undefined
        ? Instances?.some(({ InstanceId }) => InstanceId === instance)
        : AutoScalingGroupName === resource['AutoScalingGroupName'],
    );
    return found.map(({ AutoScalingGroupARN }) => [AutoScalingGroupARN ?? '']);
  }
}

/** What the call itself names: a Classic Load Balancer, or ARNs. */
function named({ service, resource }: RecordedCall): Asked[] {
  const { LoadBalancerName } = resource;
  if (service === 'elasticloadbalancing' && LoadBalancerName !== undefined)
    return [[`arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:loadbalancer/${LoadBalancerName}`]];
  return Object.values(resource)
    .filter((value) => value.startsWith('arn:'))
    .map((arn) => [arn]);
}

function databaseSnapshot({ resource }: RecordedCall): Asked[] {
  const { DBSnapshotIdentifier: one, DBClusterSnapshotIdentifier: cluster } = resource;
  if (one !== undefined) return [[`arn:aws:rds:${REGION}:${ACCOUNT}:snapshot:${one}`]];
  return cluster === undefined ? [] : [[`arn:aws:rds:${REGION}:${ACCOUNT}:cluster-snapshot:${cluster}`]];
}

function ec2Arn(id: string): string {
  const kind = EC2_KINDS[id.split('-')[0] ?? ''];
  if (kind === undefined) throw new Error(`'${id}' is of no kind that the test knows`);
  // Images and snapshots have no account in their ARN.
  const account = kind === 'image' || kind === 'snapshot' ? '' : ACCOUNT;
  return `arn:aws:ec2:${REGION}:${account}:${kind}/${id}`;
}
