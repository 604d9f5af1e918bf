import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
  EnterStandbyCommand,
  ExitStandbyCommand,
  TerminateInstanceInAutoScalingGroupCommand,
  UpdateAutoScalingGroupCommand,
  type AutoScalingGroup,
  type Instance as AutoScalingInstance,
} from '@aws-sdk/client-auto-scaling';
import { action, type ActionContext, type ChangeContext } from '../../../lambdas/contain/runbook-host/action';
import type { Permission } from '../../../lib/model/runbook-facts';
import { classicLoadBalancers, classicPermissions, joinClassic, notServedBy } from './classic-load-balancers';
import { instanceId } from './instance';
import { joinEach } from './join-each';
import { joinTargets, notRegistered, registerPermissions, registrations, type Registration } from './targets';

type Group = {
  readonly name: string;
  /** Absent in what earlier versions wrote down. */
  readonly arn?: string;
  readonly desired: number;
  readonly min: number;
  readonly max: number;
  /** Ids of all its instances. */
  readonly members: string[];
};

type Before = {
  /** Null where the instance belongs to no group. */
  readonly group: Group | null;
  readonly lifecycle: string | null;
  /** What entering standby takes away: load balancers of the group forget the instance. */
  readonly registrations: Registration[];
  /** The same of Classic Load Balancers, by name. Absent in what earlier versions wrote down. */
  readonly classic?: string[];
};

/**
 * Standby keeps the instance a member, so that it can come back, and keeps the group from terminating it when its
 * health checks fail. The desired capacity stays: the group starts a replacement, and production is not starved.
 *
 * On release the instance comes back, which raises the desired capacity by one, and the newest instance that was not
 * there before, the replacement, is terminated, which lowers it again: desired, minimum, maximum and membership are
 * as before. Where somebody scaled the group in the meantime, nothing is terminated and people are told.
 */
export const leaveAutoScaling = action<Before>({
  id: 'leave-auto-scaling',

  async read(context) {
    const { group, lifecycle } = await readMembership(context);
    if (group === null) return { group, lifecycle, registrations: [], classic: [] };
    const [targets, classic] = await Promise.all([registrations(context), classicLoadBalancers(context)]);
    return { group, lifecycle, registrations: targets, classic };
  },

  changes(before) {
    if (before.group === null || before.lifecycle === 'Standby') return [];
    return [
      {
        call: 'autoscaling:EnterStandby',
        resource: before.group.name,
        from: before.lifecycle ?? 'unknown',
        to: 'Standby; the group starts a replacement',
      },
    ];
  },

  permissions(before, _context, step) {
    if (before.group === null) return [];
    const group = groupPermission(before.group);
    if (step === 'contain') return [{ ...group, actions: ['autoscaling:EnterStandby'] }];
    if (before.lifecycle === 'Standby') return [];
    return [
      {
        ...group,
        actions: [
          'autoscaling:ExitStandby',
          'autoscaling:UpdateAutoScalingGroup',
          'autoscaling:TerminateInstanceInAutoScalingGroup',
        ],
      },
      ...registerPermissions(before.registrations),
      ...classicPermissions('elasticloadbalancing:RegisterInstancesWithLoadBalancer', before.classic ?? []),
    ];
  },

  async contain(_before, context) {
    const { group, lifecycle } = await readMembership(context);
    if (group === null || lifecycle === 'Standby' || lifecycle === 'EnteringStandby') return;
    if (lifecycle !== 'InService') {
      throw new Error(
        `the instance is '${lifecycle ?? 'unknown'}' in group '${group.name}'; only what is InService can enter standby`,
      );
    }
    await context.change.of(AutoScalingClient).send(
      new EnterStandbyCommand({
        AutoScalingGroupName: group.name,
        InstanceIds: [instanceId(context)],
        ShouldDecrementDesiredCapacity: false,
      }),
    );
  },

  async verify(_before, context) {
    const { group, lifecycle } = await readMembership(context);
    if (group === null) return { ok: true, observed: 'the instance belongs to no Auto Scaling group' };
    if (lifecycle === 'Standby') return { ok: true, observed: `the instance is on standby in group '${group.name}'` };
    // For as long as its load balancers drain it, 300 s unless somebody set another delay: the group has let go of it.
    if (lifecycle === 'EnteringStandby') {
      return {
        ok: true,
        observed: `the instance is entering standby in group '${group.name}' while load balancers drain`,
      };
    }
    return { ok: false, observed: `the instance is '${lifecycle ?? 'unknown'}' in group '${group.name}'` };
  },

  async release(before, context) {
    if (before.group === null || before.lifecycle === 'Standby') return { restored: [], tasks: [] };
    const { group, lifecycle } = await readMembership(context);
    if (group?.name !== before.group.name) {
      return {
        restored: [],
        tasks: [`Attach ${instanceId(context)} to group '${before.group.name}', which it left meanwhile.`],
      };
    }
    if (lifecycle === 'EnteringStandby') {
      throw new Error(
        `the instance is still entering standby in group '${group.name}', while load balancers drain it (300 s unless a target group says otherwise); release again then`,
      );
    }
    const restored: string[] = [];
    if (lifecycle === 'Standby') {
      await makeRoom(context, group);
      // Once: told a second time, it could raise the capacity a second time. Whoever runs again looks first.
      await context.change
        .once(AutoScalingClient)
        .send(new ExitStandbyCommand({ AutoScalingGroupName: group.name, InstanceIds: [instanceId(context)] }));
      restored.push(`back in service in group '${group.name}'`);
    }
    const tasks = await giveBackCapacity(context, before.group);
    // Auto Scaling adds it by itself, unless somebody suspended that.
    const joined = await joinEach([
      ...(await joinTargets(context, before.registrations)),
      ...(await joinClassic(context, before.classic ?? [])),
    ]);
    return { restored: [...restored, ...joined.restored], tasks: [...tasks, ...joined.tasks] };
  },

  async verifyReleased(before, context) {
    if (before.group === null) return { ok: true, observed: 'the instance belonged to no Auto Scaling group' };
    const { group, lifecycle } = await readMembership(context);
    if (group?.name !== before.group.name)
      return { ok: true, observed: 'the instance left its group meanwhile; see the task' };
    const { desired, min, max } = group;
    const missing = [
      ...(await notRegistered(context, before.registrations)),
      ...(await notServedBy(context, before.classic ?? [])),
    ];
    const wrong = [
      ...(lifecycle === before.lifecycle || isComingBack(lifecycle)
        ? []
        : [`the instance is '${lifecycle ?? 'unknown'}', was '${before.lifecycle ?? ''}'`]),
      ...missing.map((target) => `not registered: ${target}`),
      ...(await leftToGiveBack(context, before.group, group)),
    ];
    if (wrong.length > 0) return { ok: false, observed: wrong.join('; ') };
    const same = desired === before.group.desired && min === before.group.min && max === before.group.max;
    const where = isComingBack(lifecycle) ? `coming back ('${lifecycle ?? ''}')` : 'in service';
    return {
      ok: true,
      observed: same
        ? `${where} in group '${group.name}', whose capacity is as before`
        : `${where} in group '${group.name}', which was scaled meanwhile (desired ${desired}, was ${before.group.desired})`,
    };
  },
});

/** After ExitStandby, until the group's own hooks and load balancers have taken it: AWS brings it into service by itself. */
function isComingBack(lifecycle: string | null): boolean {
  return lifecycle?.startsWith('Pending') === true;
}

/** Which group: its ARN holds an id of AWS's that its name does not. */
function groupPermission({ arn, name }: Group): Omit<Permission, 'actions'> {
  if (arn !== undefined) return { resources: [arn] };
  return {
    resources: [`arn:{partition}:autoscaling:{region}:{account}:autoScalingGroup:*:autoScalingGroupName/${name}`],
    why: 'an earlier version wrote down the name of the group alone',
  };
}

/** Coming back raises the desired capacity, which may not exceed the maximum. */
async function makeRoom(context: ChangeContext, group: Group): Promise<void> {
  if (group.desired < group.max) return;
  await context.change
    .of(AutoScalingClient)
    .send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: group.name, MaxSize: group.desired + 1 }));
}

/** Exactly one more than before is what coming back made; anything else somebody wanted. */
async function giveBackCapacity(context: ChangeContext, before: Group): Promise<string[]> {
  const { group } = await readMembership(context);
  if (!group || group.desired === before.desired) return restoreMaximum(context, before, group);
  if (group.desired !== before.desired + 1) {
    return [
      `Group '${before.name}' was scaled meanwhile: its desired capacity is ${group.desired}, was ${before.desired}, maximum ${group.max}, was ${before.max}. Set what you need.`,
    ];
  }
  const active = await activeMembers(context, before.name);
  const replacement = newestSince(active, before, instanceId(context));
  if (replacement !== undefined) {
    await context.change.once(AutoScalingClient).send(
      new TerminateInstanceInAutoScalingGroupCommand({
        InstanceId: replacement,
        ShouldDecrementDesiredCapacity: true,
      }),
    );
  } else if (active.length <= before.desired) {
    await context.change
      .of(AutoScalingClient)
      .send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: before.name, DesiredCapacity: before.desired }));
  } else {
    // Lowering it now would let the group choose whom to terminate, and it could choose the one that came back.
    return [
      `Lower the desired capacity of group '${before.name}' from ${group.desired} to ${before.desired}: no replacement was found to terminate.`,
    ];
  }
  return restoreMaximum(context, before, (await readMembership(context)).group);
}

/** What coming back made and `release` would take back: nobody scaled the group, it is only not done yet. */
async function leftToGiveBack(context: ActionContext, before: Group, now: Group): Promise<string[]> {
  if (isRaisedMaximum(before, now))
    return [`the maximum of group '${now.name}' is still ${now.max}, was ${before.max}`];
  if (now.desired !== before.desired + 1) return [];
  const active = await activeMembers(context, before.name);
  const replacement = newestSince(active, before, instanceId(context));
  // Otherwise people were told to lower it.
  return replacement !== undefined || active.length <= before.desired
    ? [`the desired capacity of group '${now.name}' is still ${now.desired}, was ${before.desired}`]
    : [];
}

function isRaisedMaximum(before: Group, now: Group): boolean {
  return now.max === before.max + 1 && now.desired <= before.max;
}

async function restoreMaximum(context: ChangeContext, before: Group, now: Group | null): Promise<string[]> {
  if (now && isRaisedMaximum(before, now)) {
    await context.change
      .of(AutoScalingClient)
      .send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: before.name, MaxSize: before.max }));
  }
  return [];
}

async function activeMembers(context: ActionContext, name: string): Promise<AutoScalingInstance[]> {
  const group = await readGroup(context, name);
  return (group?.Instances ?? []).filter(({ LifecycleState }) => /^(InService|Pending)/.test(LifecycleState ?? ''));
}

/** The instance that the group started instead: no member before, and protected by nobody. Auto Scaling tells no launch times. */
function newestSince(active: readonly AutoScalingInstance[], before: Group, own: string): string | undefined {
  const known = new Set([...before.members, own]);
  return active
    .filter(({ InstanceId, ProtectedFromScaleIn }) => !known.has(InstanceId ?? '') && ProtectedFromScaleIn !== true)
    .at(-1)?.InstanceId;
}

async function readMembership(context: ActionContext): Promise<{ group: Group | null; lifecycle: string | null }> {
  const { AutoScalingInstances } = await context.aws
    .of(AutoScalingClient)
    .send(new DescribeAutoScalingInstancesCommand({ InstanceIds: [instanceId(context)] }));
  const [membership] = AutoScalingInstances ?? [];
  if (membership?.AutoScalingGroupName === undefined) return { group: null, lifecycle: null };
  const group = await readGroup(context, membership.AutoScalingGroupName);
  if (!group) throw new Error(`Auto Scaling group '${membership.AutoScalingGroupName}' does not exist`);
  return {
    lifecycle: membership.LifecycleState ?? null,
    group: {
      name: membership.AutoScalingGroupName,
      ...(group.AutoScalingGroupARN !== undefined && { arn: group.AutoScalingGroupARN }),
      desired: group.DesiredCapacity ?? 0,
      min: group.MinSize ?? 0,
      max: group.MaxSize ?? 0,
      members: (group.Instances ?? []).map(({ InstanceId }) => InstanceId ?? '').sort(),
    },
  };
}

async function readGroup(context: ActionContext, name: string): Promise<AutoScalingGroup | undefined> {
  const { AutoScalingGroups } = await context.aws
    .of(AutoScalingClient)
    .send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }));
  return AutoScalingGroups?.[0];
}
