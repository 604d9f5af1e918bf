import {
  AttachInstancesCommand,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  UpdateAutoScalingGroupCommand,
  type AutoScalingClient,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeIamInstanceProfileAssociationsCommand,
  DescribeImagesCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  RunInstancesCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import {
  CreateLoadBalancerCommand,
  DescribeInstanceHealthCommand,
  ElasticLoadBalancingClient,
  RegisterInstancesWithLoadBalancerCommand,
} from '@aws-sdk/client-elastic-load-balancing';
import {
  CreateTargetGroupCommand,
  DescribeTargetHealthCommand,
  RegisterTargetsCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  ListRolePoliciesCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import { randomBytes } from 'node:crypto';
import type { Target } from '../../lib/model/plan';
import type { InstanceCase } from '../../runbooks/isolate-instance/cases';

export interface Clients {
  readonly ec2: EC2Client;
  readonly iam: IAMClient;
  readonly autoScaling: AutoScalingClient;
  readonly loadBalancing: ElasticLoadBalancingV2Client;
  readonly classic: ElasticLoadBalancingClient;
}

export interface MadeInstance {
  readonly id: string;
  readonly target: Target;
  readonly vpc: string;
  readonly role?: string;
  readonly group?: string;
  readonly targetGroup?: string;
  /** Name of a Classic Load Balancer. */
  readonly classic?: string;
}

const some = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('the emulator left something out');
  return value;
};

/** Makes an instance of a shape, in a VPC of its own. */
export async function makeInstance(clients: Clients, shape: InstanceCase): Promise<MadeInstance> {
  const { ec2 } = clients;
  const suffix = randomBytes(4).toString('hex');
  const vpc = some((await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }))).Vpc?.VpcId);
  const { Subnet } = await ec2.send(
    new CreateSubnetCommand({ VpcId: vpc, CidrBlock: '10.0.1.0/24', AvailabilityZone: 'us-east-1a' }),
  );
  const subnet = some(Subnet?.SubnetId);
  const groups: string[] = [];
  for (let index = 0; index < shape.groups; index++) {
    const made = await ec2.send(
      // Named so that the order in which they are given is not the order of their names.
      new CreateSecurityGroupCommand({ VpcId: vpc, GroupName: `${9 - index}-${suffix}`, Description: 'test' }),
    );
    groups.push(some(made.GroupId));
  }
  const role = shape.profile ? await makeProfile(clients.iam, suffix) : undefined;
  const { Images } = await ec2.send(new DescribeImagesCommand({ Owners: ['amazon'] }));
  const image = some(Images?.[0]?.ImageId);
  const id = await launch(ec2, { image, subnet, groups, role, interfaces: shape.interfaces });
  if (shape.autoScaling) await joinGroup(clients, { suffix, image, subnet, id });
  const targetGroup = shape.loadBalancer ? await makeTargetGroup(clients.loadBalancing, vpc, suffix, id) : undefined;
  const classic = shape.classic ? await makeClassic(clients.classic, subnet, suffix, id) : undefined;
  return {
    id,
    target: {
      kind: 'instance',
      id: `arn:aws:ec2:us-east-1:000000000000:instance/${id}`,
      account: '000000000000',
      region: 'us-east-1',
    },
    vpc,
    role,
    group: shape.autoScaling ? `group-${suffix}` : undefined,
    targetGroup,
    classic,
  };
}

interface Launch {
  readonly image: string;
  readonly subnet: string;
  readonly groups: readonly string[];
  readonly role?: string;
  readonly interfaces: number;
}

/** Groups belong to the interfaces alone: moto gives those of the instance to each of them, for ever. */
async function launch(ec2: EC2Client, ask: Launch): Promise<string> {
  const NetworkInterfaces = [];
  for (let DeviceIndex = 0; DeviceIndex < ask.interfaces; DeviceIndex++) {
    const Groups = DeviceIndex % 2 === 0 ? [...ask.groups] : [...ask.groups].reverse();
    const { NetworkInterface } = await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId: ask.subnet, Groups }));
    NetworkInterfaces.push({ DeviceIndex, NetworkInterfaceId: some(NetworkInterface?.NetworkInterfaceId) });
  }
  const { Instances } = await ec2.send(
    new RunInstancesCommand({
      ImageId: ask.image,
      MinCount: 1,
      MaxCount: 1,
      NetworkInterfaces,
      ...(ask.role !== undefined && { IamInstanceProfile: { Name: ask.role } }),
      InstanceInitiatedShutdownBehavior: 'terminate',
      BlockDeviceMappings: [
        { DeviceName: '/dev/sda1', Ebs: { VolumeSize: 8, DeleteOnTermination: true } },
        { DeviceName: '/dev/sdf', Ebs: { VolumeSize: 20, DeleteOnTermination: false } },
      ],
    }),
  );
  return some(Instances?.[0]?.InstanceId);
}

/** A group that is as small and as large as it may be: leaving and coming back must respect both. */
async function joinGroup(
  { ec2, autoScaling }: Clients,
  ask: { readonly suffix: string; readonly image: string; readonly subnet: string; readonly id: string },
): Promise<void> {
  const name = `group-${ask.suffix}`;
  await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: name,
      LaunchTemplateData: { ImageId: ask.image, InstanceType: 't3.micro' },
    }),
  );
  await autoScaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: name,
      LaunchTemplate: { LaunchTemplateName: name, Version: '$Latest' },
      MinSize: 1,
      MaxSize: 2,
      DesiredCapacity: 1,
      VPCZoneIdentifier: ask.subnet,
    }),
  );
  await autoScaling.send(new AttachInstancesCommand({ AutoScalingGroupName: name, InstanceIds: [ask.id] }));
  await autoScaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: name, MinSize: 2 }));
}

/** The role is in MiniStack, where IAM is; moto, which has the instances, looks for profiles in its own. */
async function makeProfile(iam: IAMClient, suffix: string): Promise<string> {
  const name = `web-${suffix}`;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const inMoto = new IAMClient({ endpoint: process.env['FIREBREAK_TEST_MOTO'], region: 'us-east-1', credentials });
  for (const client of [iam, inMoto]) await makeRole(client, name);
  return name;
}

async function makeRole(iam: IAMClient, name: string): Promise<void> {
  await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: '{}' }));
  await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: name }));
  await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: name, RoleName: name }));
}

async function makeTargetGroup(
  client: ElasticLoadBalancingV2Client,
  VpcId: string,
  suffix: string,
  Id: string,
): Promise<string> {
  const { TargetGroups } = await client.send(
    new CreateTargetGroupCommand({ Name: `tg-${suffix}`, Protocol: 'HTTP', Port: 80, VpcId, TargetType: 'instance' }),
  );
  const TargetGroupArn = some(TargetGroups?.[0]?.TargetGroupArn);
  await client.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id, Port: 8080 }] }));
  return TargetGroupArn;
}

async function makeClassic(
  client: ElasticLoadBalancingClient,
  subnet: string,
  suffix: string,
  InstanceId: string,
): Promise<string> {
  const LoadBalancerName = `classic-${suffix}`;
  const Listeners = [{ Protocol: 'HTTP', LoadBalancerPort: 80, InstanceProtocol: 'HTTP', InstancePort: 8080 }];
  await client.send(new CreateLoadBalancerCommand({ LoadBalancerName, Listeners, Subnets: [subnet] }));
  await client.send(new RegisterInstancesWithLoadBalancerCommand({ LoadBalancerName, Instances: [{ InstanceId }] }));
  return LoadBalancerName;
}

/** The truth about an instance, from the API: what a release must give back. */
export async function readInstanceState(clients: Clients, made: MadeInstance) {
  const { ec2 } = clients;
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [made.id] }));
  const instance = some(Reservations?.[0]?.Instances?.[0]);
  const { NetworkInterfaces } = await ec2.send(
    new DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'attachment.instance-id', Values: [made.id] }] }),
  );
  const attribute = (Attribute: 'disableApiTermination' | 'instanceInitiatedShutdownBehavior') =>
    ec2.send(new DescribeInstanceAttributeCommand({ InstanceId: made.id, Attribute }));
  const profile = await ec2.send(
    new DescribeIamInstanceProfileAssociationsCommand({ Filters: [{ Name: 'instance-id', Values: [made.id] }] }),
  );
  return {
    groups: Object.fromEntries(
      (NetworkInterfaces ?? []).map((eni) => [
        `${eni.Attachment?.DeviceIndex ?? '?'} ${eni.NetworkInterfaceId ?? ''}`,
        (eni.Groups ?? []).map(({ GroupId }) => GroupId),
      ]),
    ),
    tags: Object.fromEntries((instance.Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''])),
    protected: (await attribute('disableApiTermination')).DisableApiTermination?.Value ?? false,
    shutdown: (await attribute('instanceInitiatedShutdownBehavior')).InstanceInitiatedShutdownBehavior?.Value,
    volumes: (instance.BlockDeviceMappings ?? []).map(({ DeviceName, Ebs }) => [DeviceName, Ebs?.DeleteOnTermination]),
    metadata: {
      endpoint: instance.MetadataOptions?.HttpEndpoint,
      tokens: instance.MetadataOptions?.HttpTokens,
      hops: instance.MetadataOptions?.HttpPutResponseHopLimit,
    },
    profile: (profile.IamInstanceProfileAssociations ?? []).map(({ IamInstanceProfile }) => IamInstanceProfile?.Arn),
    group: made.group === undefined ? null : await readGroup(clients.autoScaling, made.group),
    targets: made.targetGroup === undefined ? [] : await readTargets(clients.loadBalancing, made.targetGroup),
    classic: made.classic === undefined ? [] : await readClassic(clients.classic, made.classic),
    rolePolicies:
      made.role === undefined
        ? []
        : ((await clients.iam.send(new ListRolePoliciesCommand({ RoleName: made.role }))).PolicyNames ?? []),
  };
}

async function readGroup(client: AutoScalingClient, name: string) {
  const { AutoScalingGroups } = await client.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
  );
  const group = AutoScalingGroups?.[0];
  return {
    desired: group?.DesiredCapacity,
    min: group?.MinSize,
    max: group?.MaxSize,
    members: (group?.Instances ?? [])
      .map(({ InstanceId, LifecycleState }) => `${InstanceId ?? ''} ${LifecycleState ?? ''}`)
      .sort(),
  };
}

async function readTargets(client: ElasticLoadBalancingV2Client, TargetGroupArn: string) {
  const { TargetHealthDescriptions } = await client.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
  return (TargetHealthDescriptions ?? [])
    .filter(({ TargetHealth }) => TargetHealth?.State !== 'draining')
    .map(({ Target }) => `${Target?.Id ?? ''}:${Target?.Port ?? ''}`)
    .sort();
}

/** As its health checks see it. */
async function readClassic(client: ElasticLoadBalancingClient, LoadBalancerName: string) {
  const { InstanceStates } = await client.send(new DescribeInstanceHealthCommand({ LoadBalancerName }));
  return (InstanceStates ?? []).map(({ InstanceId, State }) => `${InstanceId ?? ''} ${State ?? ''}`).sort();
}
