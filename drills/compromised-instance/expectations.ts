import { DescribeSecurityGroupsCommand, DescribeSnapshotsCommand, DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import { expectSame, expectThat } from '../expect';
import type { DrillWorld, Expectation } from '../scenario';
import { type InstanceState, readInstance } from './instance-state';

export interface Before {
  readonly web: InstanceState;
  readonly bystander: InstanceState;
}

export async function readBefore(world: DrillWorld): Promise<Before> {
  const { web, bystander } = world.company.servers;
  return { web: await readInstance(world, web.id), bystander: await readInstance(world, bystander.id) };
}

export async function contained(world: DrillWorld, before: Before): Promise<Expectation[]> {
  const { web } = world.company.servers;
  const now = await readBefore(world);
  const { autoScaling, targets, attributes, rolePolicies } = now.web;
  return [
    await isolated(world, now.web),
    expectThat(
      `${web.id} is out of service in its Auto Scaling group`,
      autoScaling.state !== 'InService' && autoScaling.state !== 'Pending',
      autoScaling.state,
    ),
    expectThat(
      `${web.id} is out of its target group`,
      !targets.some((target) => target.startsWith(web.id)),
      `the group has ${targets.join(', ') || 'no targets'}`,
    ),
    expectThat(
      `${web.id} is protected from termination`,
      attributes.terminationProtection,
      String(attributes.terminationProtection),
    ),
    expectThat(
      `${web.id} has no role and no metadata service`,
      attributes.profile === 'none' && attributes.metadataEndpoint === 'disabled',
      `profile ${attributes.profile}, metadata ${attributes.metadataEndpoint}`,
    ),
    deniedSessions(web.arn, rolePolicies),
    await snapshots(world),
    expectSame(
      `bystander ${world.company.servers.bystander.id} keeps its interfaces and attributes`,
      { interfaces: before.bystander.interfaces, attributes: before.bystander.attributes },
      { interfaces: now.bystander.interfaces, attributes: now.bystander.attributes },
    ),
  ];
}

export async function released(world: DrillWorld, before: Before): Promise<Expectation[]> {
  const now = await readInstance(world, world.company.servers.web.id);
  return [
    expectSame('after the release: groups of each interface, in order', before.web.interfaces, now.interfaces),
    expectSame(
      'after the release: membership and size of the Auto Scaling group',
      before.web.autoScaling,
      now.autoScaling,
    ),
    expectSame('after the release: targets of the load balancer', before.web.targets, now.targets),
    expectSame('after the release: attributes, profile, metadata and tags', before.web.attributes, now.attributes),
    expectSame('after the release: policies of the role', before.web.rolePolicies, now.rolePolicies),
  ];
}

/** Every interface has one group, the same one or another isolation group, and no group lets anything through. */
async function isolated({ api }: DrillWorld, { interfaces }: InstanceState): Promise<Expectation> {
  const text = 'every interface is on the isolation group alone, and that has no rules';
  const lists = Object.values(interfaces);
  const GroupIds = [...new Set(lists.flat())];
  const { SecurityGroups = [] } = await api.ec2.send(new DescribeSecurityGroupsCommand({ GroupIds }));
  const empty = SecurityGroups.every(
    ({ IpPermissions = [], IpPermissionsEgress = [] }) => IpPermissions.length + IpPermissionsEgress.length === 0,
  );
  const marked = SecurityGroups.every(({ Tags = [] }) => Tags.some(({ Key }) => Key === 'firebreak:isolation'));
  const alone = lists.length > 1 && lists.every((groups) => groups.length === 1);
  const observed = Object.entries(interfaces).map(([id, groups]) => `${id} on ${groups.join(', ')}`);
  const rules = empty ? 'without rules' : 'with rules';
  return expectThat(
    text,
    alone && empty && marked,
    `${observed.join('; ')}; ${rules}${marked ? '' : ', and not marked as an isolation group'}`,
  );
}

function deniedSessions(instanceArn: string, policies: InstanceState['rolePolicies']): Expectation {
  const name = Object.keys(policies).find((key) => {
    const text = policies[key] ?? '';
    return text.includes('"Deny"') && text.includes('ec2:SourceInstanceARN') && text.includes(instanceArn);
  });
  return expectThat(
    'what the instance does with its role is denied',
    name !== undefined,
    name === undefined ? `none among ${Object.keys(policies).join(', ') || 'no policies'}` : `inline policy ${name}`,
  );
}

async function snapshots({ api, company }: DrillWorld): Promise<Expectation> {
  const Filters = [{ Name: 'attachment.instance-id', Values: [company.servers.web.id] }];
  const { Volumes = [] } = await api.ec2.send(new DescribeVolumesCommand({ Filters }));
  const volumes = Volumes.map(({ VolumeId }) => VolumeId ?? '');
  const { Snapshots = [] } = await api.ec2.send(
    new DescribeSnapshotsCommand({ OwnerIds: ['self'], Filters: [{ Name: 'volume-id', Values: volumes }] }),
  );
  const missing = volumes.filter((volume) => !Snapshots.some(({ VolumeId }) => VolumeId === volume));
  return expectThat(
    'there is a snapshot of each volume',
    volumes.length > 0 && missing.length === 0,
    missing.length > 0
      ? `none of ${missing.join(', ')}`
      : Snapshots.map(({ SnapshotId, VolumeId }) => `${SnapshotId ?? ''} of ${VolumeId ?? ''}`).join(', '),
  );
}
