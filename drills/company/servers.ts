import {
  AttachInstancesCommand,
  CreateAutoScalingGroupCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateCommand,
  CreateNetworkInterfaceCommand,
  DescribeImagesCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { CreateTargetGroupCommand, RegisterTargetsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import type { EmbeddedAws } from '../../local/embedded-aws';
import type { DrillApi } from '../clients';
import type { Network } from './network';

export interface Servers {
  /** Two interfaces, two volumes, in the group and behind the load balancer. */
  readonly web: { readonly id: string; readonly arn: string };
  /** The same kind of server beside it, which nobody attacks. */
  readonly bystander: { readonly id: string; readonly arn: string };
  readonly autoScalingGroup: string;
  readonly targetGroupArn: string;
  readonly role: { readonly name: string; readonly id: string; readonly profileArn: string };
}

const GROUP = 'web-servers';
const ROLE = 'web-server';

export async function buildServers(aws: EmbeddedAws, api: DrillApi, network: Network): Promise<Servers> {
  const role = await serverRole(aws, api);
  const imageId = await anyImage(api);
  await autoScaling(api, network, imageId);
  const TargetGroupArn = await targetGroup(api, network);
  const [web, bystander] = [
    await launch(api, network, { imageId, profileArn: role.profileArn, name: 'web-1' }),
    await launch(api, network, { imageId, profileArn: role.profileArn, name: 'web-2' }),
  ];
  await api.autoScaling.send(
    new AttachInstancesCommand({ AutoScalingGroupName: GROUP, InstanceIds: [web, bystander] }),
  );
  // As small as it may be: whoever takes one out has to leave the group able to replace it.
  await api.autoScaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: GROUP, MinSize: 2 }));
  await api.loadBalancing.send(
    new RegisterTargetsCommand({ TargetGroupArn, Targets: [web, bystander].map((Id) => ({ Id, Port: 443 })) }),
  );
  const named = (id: string) => ({ id, arn: `arn:aws:ec2:${api.region}:${api.account}:instance/${id}` });
  return {
    web: named(web),
    bystander: named(bystander),
    autoScalingGroup: GROUP,
    targetGroupArn: TargetGroupArn,
    role: { name: ROLE, ...role },
  };
}

async function autoScaling(api: DrillApi, network: Network, ImageId: string): Promise<void> {
  const LaunchTemplateName = 'web-server';
  await api.ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName,
      LaunchTemplateData: { ImageId, InstanceType: 't3.micro', SecurityGroupIds: [network.groups.web] },
    }),
  );
  await api.autoScaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: GROUP,
      LaunchTemplate: { LaunchTemplateName, Version: '$Latest' },
      MinSize: 0,
      DesiredCapacity: 0,
      MaxSize: 4,
      VPCZoneIdentifier: network.subnets.web,
    }),
  );
}

async function targetGroup(api: DrillApi, network: Network): Promise<string> {
  const { TargetGroups } = await api.loadBalancing.send(
    new CreateTargetGroupCommand({
      Name: 'web',
      Protocol: 'TCP',
      Port: 443,
      VpcId: network.vpc,
      TargetType: 'instance',
    }),
  );
  return TargetGroups?.[0]?.TargetGroupArn ?? '';
}

async function launch(
  api: DrillApi,
  network: Network,
  server: { readonly imageId: string; readonly profileArn: string; readonly name: string },
): Promise<string> {
  const { web, admin, data } = network.groups;
  const NetworkInterfaces = [
    { DeviceIndex: 0, NetworkInterfaceId: await networkInterface(api, network.subnets.web, [web, admin]) },
    { DeviceIndex: 1, NetworkInterfaceId: await networkInterface(api, network.subnets.data, [data, admin]) },
  ];
  const { Instances } = await api.ec2.send(
    new RunInstancesCommand({
      ImageId: server.imageId,
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
      // Groups belong to the interfaces alone: moto gives those of the instance to each of them, for ever.
      NetworkInterfaces,
      IamInstanceProfile: { Arn: server.profileArn },
      BlockDeviceMappings: [
        { DeviceName: '/dev/sda1', Ebs: { VolumeSize: 8, DeleteOnTermination: true } },
        { DeviceName: '/dev/sdf', Ebs: { VolumeSize: 20, DeleteOnTermination: false } },
      ],
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: server.name }] }],
    }),
  );
  return Instances?.[0]?.InstanceId ?? '';
}

async function networkInterface({ ec2 }: DrillApi, SubnetId: string, Groups: string[]): Promise<string> {
  const { NetworkInterface } = await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId, Groups }));
  return NetworkInterface?.NetworkInterfaceId ?? '';
}

async function anyImage({ ec2 }: DrillApi): Promise<string> {
  const { Images } = await ec2.send(new DescribeImagesCommand({ Owners: ['amazon'] }));
  const image = Images?.find(
    ({ RootDeviceType, Architecture }) => RootDeviceType === 'ebs' && Architecture === 'x86_64',
  );
  if (image?.ImageId === undefined)
    throw new Error('the embedded AWS offers no machine image; another version of moto?');
  return image.ImageId;
}

/** The role is in MiniStack, where IAM is; moto, which has the instances, looks for profiles in its own. */
async function serverRole(aws: EmbeddedAws, { iam, config }: DrillApi): Promise<{ id: string; profileArn: string }> {
  const made = await makeRole(iam);
  const moto = aws.servers.find(({ name }) => name === 'moto');
  if (moto) await makeRole(new IAMClient({ ...config, endpoint: `http://127.0.0.1:${moto.port}` }));
  return made;
}

async function makeRole(iam: IAMClient): Promise<{ id: string; profileArn: string }> {
  const Principal = { Service: 'ec2.amazonaws.com' };
  const trust = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }] };
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName: ROLE, AssumeRolePolicyDocument: JSON.stringify(trust) }),
  );
  const { InstanceProfile } = await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: ROLE }));
  await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: ROLE, RoleName: ROLE }));
  return { id: Role?.RoleId ?? '', profileArn: InstanceProfile?.Arn ?? '' };
}
