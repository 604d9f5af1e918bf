import {
  EC2Client,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeVolumesCommand,
} from '@aws-sdk/client-ec2';
import {
  IAMClient,
  GetInstanceProfileCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
} from '@aws-sdk/client-auto-scaling';
import type { ActionContext, EvidenceSource } from '../../../lambdas/contain/runbook-host/action';
import { consoleOutput, consoleScreenshot } from './console';
import { classicLoadBalancers } from './classic-load-balancers';
import { groupIds, instanceId, readInstance, readInterfaces } from './instance';
import { snapshots } from './snapshots';
import { registrations } from './targets';

function json(name: string, call: string, read: (context: ActionContext) => Promise<unknown>): EvidenceSource {
  return {
    name,
    async collect(context) {
      const body = JSON.stringify(await read(context), null, 2);
      return { call, contentType: 'application/json', body };
    },
  };
}

async function roleEvidence(context: ActionContext): Promise<unknown> {
  const profile = (await readInstance(context)).IamInstanceProfile?.Arn;
  if (profile === undefined) return { profile: null };
  const { InstanceProfile } = await context.aws
    .of(IAMClient)
    .send(new GetInstanceProfileCommand({ InstanceProfileName: profile.split('/').at(-1) }));
  const RoleName = InstanceProfile?.Roles?.[0]?.RoleName;
  if (RoleName === undefined) return { profile: InstanceProfile };
  const [role, inline, attached] = await Promise.all([
    context.aws.of(IAMClient).send(new GetRoleCommand({ RoleName })),
    context.aws.of(IAMClient).send(new ListRolePoliciesCommand({ RoleName })),
    context.aws.of(IAMClient).send(new ListAttachedRolePoliciesCommand({ RoleName })),
  ]);
  const documents = await Promise.all(
    (inline.PolicyNames ?? []).map(async (PolicyName) => {
      const { PolicyDocument } = await context.aws
        .of(IAMClient)
        .send(new GetRolePolicyCommand({ RoleName, PolicyName }));
      return { name: PolicyName, document: PolicyDocument };
    }),
  );
  return { profile: InstanceProfile, role: role.Role, inline: documents, attached: attached.AttachedPolicies };
}

/** Most volatile first, as RFC 3227 orders it; memory needs an agent and is not taken. */
export const evidence: readonly EvidenceSource[] = [
  consoleScreenshot,
  consoleOutput,
  snapshots,
  json('instance', 'ec2:DescribeInstances', readInstance),
  json('network-interfaces', 'ec2:DescribeNetworkInterfaces', readInterfaces),
  json('security-groups', 'ec2:DescribeSecurityGroups, ec2:DescribeSecurityGroupRules', async (context) => {
    const GroupIds = [...new Set((await readInterfaces(context)).flatMap(groupIds))];
    if (GroupIds.length === 0) return { groups: [], rules: [] };
    const [groups, rules] = await Promise.all([
      context.aws.of(EC2Client).send(new DescribeSecurityGroupsCommand({ GroupIds })),
      context.aws
        .of(EC2Client)
        .send(new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: GroupIds }] })),
    ]);
    return { groups: groups.SecurityGroups, rules: rules.SecurityGroupRules };
  }),
  json('volumes', 'ec2:DescribeVolumes', async (context) => {
    const { Volumes } = await context.aws
      .of(EC2Client)
      .send(
        new DescribeVolumesCommand({ Filters: [{ Name: 'attachment.instance-id', Values: [instanceId(context)] }] }),
      );
    return Volumes;
  }),
  json('role', 'iam:GetInstanceProfile, iam:GetRole, iam:GetRolePolicy', roleEvidence),
  json(
    'auto-scaling',
    'autoscaling:DescribeAutoScalingInstances, autoscaling:DescribeAutoScalingGroups',
    async (context) => {
      const { AutoScalingInstances } = await context.aws
        .of(AutoScalingClient)
        .send(new DescribeAutoScalingInstancesCommand({ InstanceIds: [instanceId(context)] }));
      const name = AutoScalingInstances?.[0]?.AutoScalingGroupName;
      if (name === undefined) return { group: null };
      const { AutoScalingGroups } = await context.aws
        .of(AutoScalingClient)
        .send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }));
      return { instance: AutoScalingInstances?.[0], group: AutoScalingGroups?.[0] };
    },
  ),
  json(
    'load-balancer-targets',
    'elasticloadbalancing:DescribeTargetHealth, elasticloadbalancing:DescribeLoadBalancers',
    async (context) => ({ targets: await registrations(context), classic: await classicLoadBalancers(context) }),
  ),
];
