import { afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import {
  AutoScalingClient,
  SetDesiredCapacityCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import {
  DeleteLoadBalancerCommand,
  DeregisterInstancesFromLoadBalancerCommand,
  ElasticLoadBalancingClient,
} from '@aws-sdk/client-elastic-load-balancing';
import { DeleteTargetGroupCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import { readTimeline } from '../../lambdas/shared/store/timelines';
import { runbook } from '../../runbooks/isolate-instance/actions';
import { cases, type InstanceCase } from '../../runbooks/isolate-instance/cases';
import { readVaultManifest } from '../contain/read-manifest';
import { World } from '../contain/world';
import { embeddedAws } from '../embedded/aws';
import { quickPatience } from '../support/quick-patience';
import { makeInstance, readInstanceState, type Clients, type MadeInstance } from './instance';

jest.setTimeout(120_000);

const EVERYTHING = cases.at(-1) as InstanceCase;

describe('isolate-instance on the embedded AWS', () => {
  const aws = embeddedAws();
  quickPatience();
  const clients: Clients = {
    ec2: new EC2Client(aws.client),
    iam: new IAMClient(aws.client),
    autoScaling: new AutoScalingClient(aws.client),
    loadBalancing: new ElasticLoadBalancingV2Client(aws.client),
    classic: new ElasticLoadBalancingClient(aws.client),
  };
  let world: World;

  beforeAll(async () => {
    world = await World.create(aws, 'arn:aws:iam::000000000000:policy/unused');
  });
  beforeEach(() => {
    jest.spyOn(console, 'log').mockReturnValue();
    jest.spyOn(console, 'error').mockReturnValue();
  });
  afterEach(() => world.setBrake('released'));

  async function start(shape: InstanceCase = EVERYTHING) {
    const made = await makeInstance(clients, shape);
    const before = await readInstanceState(clients, made);
    const incidentId = await world.openIncident();
    const containment = await world.hold(runbook, made.target, incidentId);
    return { made, before, incidentId, containment };
  }

  async function isolationGroup(made: MadeInstance) {
    const { SecurityGroups } = await clients.ec2.send(
      new DescribeSecurityGroupsCommand({
        Filters: [
          { Name: 'vpc-id', Values: [made.vpc] },
          { Name: 'tag:firebreak:isolation', Values: ['true'] },
        ],
      }),
    );
    expect(SecurityGroups).toHaveLength(1);
    const id = SecurityGroups?.[0]?.GroupId ?? '';
    const { SecurityGroupRules } = await clients.ec2.send(
      new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [id] }] }),
    );
    return { id, rules: SecurityGroupRules ?? [] };
  }

  async function expectIsolated(made: MadeInstance, interfaces: number) {
    const state = await readInstanceState(clients, made);
    const isolation = await isolationGroup(made);
    expect(isolation.rules).toEqual([]);
    expect(Object.values(state.groups)).toEqual(Array.from({ length: interfaces }, () => [isolation.id]));
    expect(state).toMatchObject({ protected: true, shutdown: 'stop', profile: [], targets: [], classic: [] });
    expect(state.metadata.endpoint).toBe('disabled');
    expect(state.volumes.filter(([, deleted]) => deleted)).toEqual([]);
    if (made.group !== undefined) {
      expect(state.group?.members).toContain(`${made.id} Standby`);
      expect(state.group).toMatchObject({ desired: 2, min: 2, max: 2 });
    }
    if (made.role !== undefined) expect(state.rolePolicies).toEqual([`FirebreakQuarantine-${made.id}`]);
  }

  test.each(cases)('isolates an instance and gives everything back: $name', async (shape) => {
    const { made, before, incidentId, containment } = await start(shape);

    const ran = await world.contain(runbook, containment);

    expect(await world.failures(incidentId)).toEqual([]);
    expect(ran.end).toBe('succeeded');
    expect((await world.containment(containment.id)).status).toBe('held');
    await expectIsolated(made, shape.interfaces);

    const released = await world.release(runbook, containment, incidentId);

    expect(released.states.at(-1)).toBe('Released');
    expect(await readInstanceState(clients, made)).toEqual(before);
  });

  test('denies only requests that come with credentials of this instance', async () => {
    const { made, containment } = await start();
    await world.contain(runbook, containment);

    const { PolicyDocument } = await clients.iam.send(
      new GetRolePolicyCommand({ RoleName: made.role, PolicyName: `FirebreakQuarantine-${made.id}` }),
    );

    expect(JSON.parse(decodeURIComponent(PolicyDocument ?? ''))).toMatchObject({
      Statement: [
        {
          Effect: 'Deny',
          Action: '*',
          Resource: '*',
          Condition: { ArnEquals: { 'ec2:SourceInstanceARN': made.target.id } },
        },
      ],
    });
  });

  test('snapshots each volume once, however often it is run, and lists them in the evidence', async () => {
    const { made, incidentId, containment } = await start();
    await world.contain(runbook, containment, { tasks: 3 });
    const again = await world.hold(runbook, made.target, incidentId);
    await world.contain(runbook, again, { twice: true });

    const { Volumes } = await clients.ec2.send(
      new DescribeVolumesCommand({ Filters: [{ Name: 'attachment.instance-id', Values: [made.id] }] }),
    );
    for (const { VolumeId } of Volumes ?? []) {
      const { Snapshots } = await clients.ec2.send(
        new DescribeSnapshotsCommand({ Filters: [{ Name: 'volume-id', Values: [VolumeId ?? ''] }] }),
      );
      expect(Snapshots).toHaveLength(1);
    }
    const { items, problems } = await readVaultManifest(world, incidentId, containment);
    expect(problems).toEqual([]);
    expect(items.map(({ id }) => id.split('/').at(-1))).toEqual(runbook.evidence.map(({ name }) => name));
  });

  test('killed before any task and run again, it ends isolated, and release gives back the true state before', async () => {
    for (let tasks = 1; tasks <= 9; tasks++) {
      const { made, before, incidentId, containment } = await start();

      expect((await world.contain(runbook, containment, { tasks })).end).toBe('killed');
      const again = await world.hold(runbook, made.target, incidentId);
      expect((await world.contain(runbook, again)).end).toBe('succeeded');

      await expectIsolated(made, 2);
      expect((await world.release(runbook, containment, incidentId)).states.at(-1)).toBe('Released');
      expect(await readInstanceState(clients, made)).toEqual(before);
    }
  });

  test('a release that is killed and run again gives everything back', async () => {
    for (let tasks = 1; tasks <= 8; tasks++) {
      const { made, before, incidentId, containment } = await start();
      await world.contain(runbook, containment);

      expect((await world.release(runbook, containment, incidentId, { tasks })).end).toBe('killed');
      await world.hearOfTheEnd(containment);
      expect((await world.release(runbook, containment, incidentId)).states.at(-1)).toBe('Released');

      expect(await readInstanceState(clients, made)).toEqual(before);
    }
  });

  test('each operation run twice ends the same', async () => {
    const { made, before, incidentId, containment } = await start();

    await world.contain(runbook, containment, { twice: true });
    await expectIsolated(made, 2);
    await world.release(runbook, containment, incidentId, { twice: true });

    expect(await readInstanceState(clients, made)).toEqual(before);
    const kinds = await world.kinds(incidentId);
    expect(kinds.filter((kind) => kind === 'action-applied')).toHaveLength(runbook.actions.length);
    expect(kinds.filter((kind) => kind === 'action-released')).toHaveLength(runbook.actions.length);
  });

  test('a group that was scaled in the meantime keeps its capacity, and people are told', async () => {
    const { made, incidentId, containment } = await start();
    await world.contain(runbook, containment);
    const AutoScalingGroupName = made.group ?? '';
    await clients.autoScaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName, MaxSize: 9 }));
    await clients.autoScaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity: 4 }));

    await world.release(runbook, containment, incidentId);

    const { group } = await readInstanceState(clients, made);
    expect(group).toMatchObject({ desired: 5, min: 2, max: 9 });
    expect(group?.members).toContain(`${made.id} InService`);
    const released = (await readTimeline(world.table, incidentId)).find(({ kind }) => kind === 'containment-released');
    expect(JSON.stringify(released?.details?.['tasks'])).toContain('was scaled meanwhile');
  });

  test.each(['target group', 'Classic Load Balancer'])(
    'a %s that was deleted meanwhile is a task for a person, and keeps the instance from no other',
    async (deleted) => {
      const { made, before, incidentId, containment } = await start();
      await world.contain(runbook, containment);
      const both = { targets: before.targets, classic: before.classic };
      if (deleted === 'target group') {
        await clients.loadBalancing.send(new DeleteTargetGroupCommand({ TargetGroupArn: made.targetGroup }));
      } else await clients.classic.send(new DeleteLoadBalancerCommand({ LoadBalancerName: made.classic }));

      const { states } = await world.release(runbook, containment, incidentId);

      expect(states.at(-1)).toBe('Released');
      const left = deleted === 'target group' ? { ...made, targetGroup: undefined } : { ...made, classic: undefined };
      const after = await readInstanceState(clients, left);
      expect({ targets: after.targets, classic: after.classic }).toEqual(
        deleted === 'target group' ? { ...both, targets: [] } : { ...both, classic: [] },
      );
      const released = (await readTimeline(world.table, incidentId)).find(
        ({ kind }) => kind === 'containment-released',
      );
      expect(JSON.stringify(released?.details?.['tasks'])).toContain('was deleted meanwhile');
    },
  );

  test('a Classic Load Balancer that standby took away is joined again, though the group does not add to it', async () => {
    const { made, before, incidentId, containment } = await start();
    const member = { LoadBalancerName: made.classic, Instances: [{ InstanceId: made.id }] };
    await world.contain(runbook, containment, {
      onState: async (state) => {
        // As Auto Scaling does on standby, and the emulator does not.
        if (state === 'Deregister the instance from its load balancers')
          await clients.classic.send(new DeregisterInstancesFromLoadBalancerCommand(member));
      },
    });

    expect((await world.release(runbook, containment, incidentId)).states.at(-1)).toBe('Released');

    expect(await readInstanceState(clients, made)).toEqual(before);
  });

  test('notices a rule that somebody adds to the isolation group', async () => {
    const { made, incidentId, containment } = await start(cases[0]);

    const ran = await world.contain(runbook, containment, {
      onState: async (state) => {
        if (state !== 'Look again after 15 seconds') return;
        const { id } = await isolationGroup(made);
        await clients.ec2.send(
          new AuthorizeSecurityGroupIngressCommand({
            GroupId: id,
            IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '203.0.113.7/32' }] }],
          }),
        );
      },
    });

    expect(ran.end).toBe('failed');
    expect(await world.kinds(incidentId)).toContain('containment-not-held');
  });

  test('GIVEN an isolation group that somebody made before and tagged as his own WHEN the instance is isolated THEN what he lets in does not reach it', async () => {
    const { made, before, incidentId, containment } = await start(cases[0]);
    const Tags = [
      { Key: 'firebreak:isolation', Value: 'true' },
      { Key: 'Name', Value: 'firebreak-isolation' },
      { Key: 'owner', Value: 'mallory' },
    ];
    const { GroupId } = await clients.ec2.send(
      new CreateSecurityGroupCommand({
        GroupName: 'firebreak-isolation',
        Description: 'looks like it',
        VpcId: made.vpc,
        TagSpecifications: [{ ResourceType: 'security-group', Tags }],
      }),
    );

    const ran = await world.contain(runbook, containment, {
      onState: async (state) => {
        if (state !== 'Look again after 15 seconds') return;
        const IpPermissions = [
          { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '203.0.113.7/32' }] },
        ];
        await clients.ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
      },
    });

    expect(ran.end).toBe('succeeded');
    expect(Object.values((await readInstanceState(clients, made)).groups).flat()).not.toContain(GroupId);
    expect((await world.release(runbook, containment, incidentId)).states.at(-1)).toBe('Released');
    expect(await readInstanceState(clients, made)).toEqual(before);
  });

  test('observe makes no mutating call: no tag, no snapshot, no security group', async () => {
    const made = await makeInstance(clients, EVERYTHING);
    const before = await readInstanceState(clients, made);
    const incidentId = await world.openIncident();
    const containment = await world.hold(runbook, made.target, incidentId, 'observe');
    const after = await aws.proxy.last();

    await world.contain(runbook, containment);

    for (const service of ['ec2', 'autoscaling', 'elasticloadbalancing', 'iam']) {
      expect(await aws.proxy.calls({ after, service, mutating: true })).toEqual([]);
    }
    expect((await aws.proxy.calls({ after, service: 'ec2' })).length).toBeGreaterThan(0);
    expect(await readInstanceState(clients, made)).toEqual(before);
    expect((await world.containment(containment.id)).status).toBe('planned');
    const planned = (await readTimeline(world.table, incidentId)).find(({ kind }) => kind === 'containment-planned');
    expect(planned?.text).toMatch(/^Would make \d+ change\(s\)/);
  });

  test('with the brake on nothing is changed', async () => {
    const { made, before, containment } = await start(cases[1]);
    await world.setBrake('paused by Ada');

    await world.contain(runbook, containment);

    expect((await world.containment(containment.id)).status).toBe('refused');
    expect(await readInstanceState(clients, made)).toEqual(before);
  });
});
