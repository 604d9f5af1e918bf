import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import {
  DescribeIamInstanceProfileAssociationsCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
} from '@aws-sdk/client-ec2';
import { DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetRolePolicyCommand, ListRolePoliciesCommand } from '@aws-sdk/client-iam';
import type { DrillWorld } from '../scenario';

/** Everything that isolating an instance changes, as EC2, Auto Scaling, load balancing and IAM say it. */
export interface InstanceState {
  /** Groups by interface, in order. */
  readonly interfaces: Readonly<Record<string, readonly string[]>>;
  readonly autoScaling: {
    readonly state: string;
    readonly min: number;
    readonly desired: number;
    readonly max: number;
    readonly members: readonly string[];
  };
  /** `instance:port`, sorted. */
  readonly targets: readonly string[];
  readonly attributes: {
    readonly terminationProtection: boolean;
    readonly shutdownBehaviour: string;
    readonly deleteOnTermination: Readonly<Record<string, boolean>>;
    readonly metadataEndpoint: string;
    readonly profile: string;
    readonly tags: Readonly<Record<string, string>>;
  };
  /** Inline policies of the role, by name. */
  readonly rolePolicies: Readonly<Record<string, string>>;
}

export async function readInstance(world: DrillWorld, InstanceId: string): Promise<InstanceState> {
  const [interfaces, autoScaling, targets, attributes, rolePolicies] = await Promise.all([
    readInterfaces(world, InstanceId),
    readAutoScaling(world, InstanceId),
    readTargets(world),
    readAttributes(world, InstanceId),
    readRolePolicies(world),
  ]);
  return { interfaces, autoScaling, targets, attributes, rolePolicies };
}

async function readInterfaces({ api }: DrillWorld, id: string): Promise<InstanceState['interfaces']> {
  const { NetworkInterfaces = [] } = await api.ec2.send(
    new DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'attachment.instance-id', Values: [id] }] }),
  );
  return Object.fromEntries(
    NetworkInterfaces.map(({ NetworkInterfaceId, Groups = [] }) => [
      NetworkInterfaceId ?? '',
      Groups.map(({ GroupId }) => GroupId ?? ''),
    ]),
  );
}

async function readAutoScaling({ api, company }: DrillWorld, id: string): Promise<InstanceState['autoScaling']> {
  const { AutoScalingGroups = [] } = await api.autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [company.servers.autoScalingGroup] }),
  );
  const [group] = AutoScalingGroups;
  const members = group?.Instances ?? [];
  return {
    state: members.find(({ InstanceId }) => InstanceId === id)?.LifecycleState ?? 'not a member',
    min: group?.MinSize ?? -1,
    desired: group?.DesiredCapacity ?? -1,
    max: group?.MaxSize ?? -1,
    members: members.map(({ InstanceId, LifecycleState }) => `${InstanceId ?? ''} ${LifecycleState ?? ''}`).sort(),
  };
}

async function readTargets({ api, company }: DrillWorld): Promise<string[]> {
  const { TargetHealthDescriptions = [] } = await api.loadBalancing.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: company.servers.targetGroupArn }),
  );
  return TargetHealthDescriptions.filter(
    ({ TargetHealth }) => !['draining', 'unused'].includes(TargetHealth?.State ?? ''),
  )
    .map(({ Target }) => `${Target?.Id ?? ''}:${Target?.Port ?? ''}`)
    .sort();
}

async function readAttributes({ api }: DrillWorld, InstanceId: string): Promise<InstanceState['attributes']> {
  const attribute = (Attribute: 'disableApiTermination' | 'instanceInitiatedShutdownBehavior') =>
    api.ec2.send(new DescribeInstanceAttributeCommand({ InstanceId, Attribute }));
  const [{ Reservations }, protection, shutdown, profiles] = await Promise.all([
    api.ec2.send(new DescribeInstancesCommand({ InstanceIds: [InstanceId] })),
    attribute('disableApiTermination'),
    attribute('instanceInitiatedShutdownBehavior'),
    api.ec2.send(
      new DescribeIamInstanceProfileAssociationsCommand({ Filters: [{ Name: 'instance-id', Values: [InstanceId] }] }),
    ),
  ]);
  const instance = Reservations?.[0]?.Instances?.[0];
  const associated = profiles.IamInstanceProfileAssociations?.filter(({ State }) => State === 'associated') ?? [];
  return {
    terminationProtection: protection.DisableApiTermination?.Value ?? false,
    shutdownBehaviour: shutdown.InstanceInitiatedShutdownBehavior?.Value ?? '',
    deleteOnTermination: Object.fromEntries(
      (instance?.BlockDeviceMappings ?? []).map(({ DeviceName, Ebs }) => [
        DeviceName ?? '',
        Ebs?.DeleteOnTermination ?? false,
      ]),
    ),
    metadataEndpoint: instance?.MetadataOptions?.HttpEndpoint ?? '',
    profile: associated[0]?.IamInstanceProfile?.Arn ?? 'none',
    tags: Object.fromEntries((instance?.Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''])),
  };
}

async function readRolePolicies({ api, company }: DrillWorld): Promise<InstanceState['rolePolicies']> {
  const RoleName = company.servers.role.name;
  const { PolicyNames = [] } = await api.iam.send(new ListRolePoliciesCommand({ RoleName }));
  const read = PolicyNames.map(async (PolicyName) => {
    const { PolicyDocument } = await api.iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    return [PolicyName, decodeURIComponent(PolicyDocument ?? '')] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}
