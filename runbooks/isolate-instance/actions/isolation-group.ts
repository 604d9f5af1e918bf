import {
  EC2Client,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroupRule,
} from '@aws-sdk/client-ec2';
import type { ActionContext, ChangeContext } from '../../../lambdas/contain/runbook-host/action';
import { isNamed } from '../../../lambdas/shared/aws-error';
import type { Permission } from '../../../lib/model/runbook-facts';
import { ec2Resource } from './instance';

export const ISOLATION_TAG = 'firebreak:isolation';
const NAME = 'firebreak-isolation';

/** To make, empty and use isolation groups in these VPCs. Their ids are EC2's to give: the tag tells them apart. */
export function isolationPermissions(vpcs: readonly string[]): Permission[] {
  const groups = [ec2Resource('security-group', '*')];
  const made = { [`aws:RequestTag/${ISOLATION_TAG}`]: 'true' };
  return [
    {
      actions: [
        'ec2:ModifyNetworkInterfaceAttribute',
        'ec2:RevokeSecurityGroupIngress',
        'ec2:RevokeSecurityGroupEgress',
      ],
      resources: groups,
      conditions: { StringEquals: { [`aws:ResourceTag/${ISOLATION_TAG}`]: 'true' } },
    },
    { actions: ['ec2:CreateSecurityGroup'], resources: [...new Set(vpcs)].map((vpc) => ec2Resource('vpc', vpc)) },
    { actions: ['ec2:CreateSecurityGroup'], resources: groups, conditions: { StringEquals: made } },
    {
      actions: ['ec2:CreateTags'],
      resources: groups,
      conditions: { StringEquals: { 'ec2:CreateAction': 'CreateSecurityGroup' } },
    },
  ];
}

/**
 * The isolation group of a VPC, without a single rule: found again by name and tag, or made. One a VPC and not one a
 * finding, which would leak towards the quota.
 */
export async function ensureIsolationGroup(context: ChangeContext, vpcId: string): Promise<string> {
  const groupId = (await findIsolationGroup(context, vpcId)) ?? (await createGroup(context, vpcId));
  await strip(context, groupId);
  return groupId;
}

/** The tag alone proves nothing; the rules are read each time, and the role may use no group without it. */
export async function findIsolationGroup(context: ActionContext, vpcId: string): Promise<string | undefined> {
  const { SecurityGroups } = await context.aws.of(EC2Client).send(
    new DescribeSecurityGroupsCommand({
      Filters: [
        { Name: 'vpc-id', Values: [vpcId] },
        { Name: 'group-name', Values: [NAME, `${NAME}-*`] },
        { Name: `tag:${ISOLATION_TAG}`, Values: ['true'] },
      ],
    }),
  );
  return (SecurityGroups ?? []).map(({ GroupId }) => GroupId ?? '').sort()[0];
}

async function createGroup(context: ChangeContext, vpcId: string): Promise<string> {
  try {
    return await create(context, vpcId, NAME);
  } catch (error) {
    if (!isNamed(error, 'InvalidGroup.Duplicate')) throw error;
  }
  // Made by another containment a moment ago; or by somebody who took the name, without our tag.
  return (
    (await findIsolationGroup(context, vpcId)) ?? (await create(context, vpcId, `${NAME}-${context.containmentId}`))
  );
}

async function create(context: ChangeContext, VpcId: string, GroupName: string): Promise<string> {
  const { GroupId } = await context.change.of(EC2Client).send(
    new CreateSecurityGroupCommand({
      GroupName,
      VpcId,
      Description: 'Firebreak: cuts off what is attached to it. Do not add rules.',
      TagSpecifications: [
        {
          ResourceType: 'security-group',
          Tags: [
            { Key: ISOLATION_TAG, Value: 'true' },
            { Key: 'Name', Value: NAME },
          ],
        },
      ],
    }),
  );
  if (GroupId === undefined) throw new Error(`EC2 gave no id for the isolation group of ${VpcId}`);
  return GroupId;
}

/** EC2 gives a new group egress to everywhere, for IPv4 and sometimes IPv6. */
async function strip(context: ChangeContext, GroupId: string): Promise<void> {
  const rules = await readRules(context, GroupId);
  const ids = (egress: boolean) =>
    rules.filter(({ IsEgress }) => IsEgress === egress).map(({ SecurityGroupRuleId }) => SecurityGroupRuleId ?? '');
  const revoke = async (work: Promise<unknown>) => {
    try {
      await work;
    } catch (error) {
      // Another containment was faster; the rules are read back.
      if (!isNamed(error, 'InvalidPermission.NotFound', 'InvalidSecurityGroupRuleId.NotFound')) throw error;
    }
  };
  const [egress, ingress] = [ids(true), ids(false)];
  if (egress.length > 0) {
    await revoke(
      context.change
        .of(EC2Client)
        .send(new RevokeSecurityGroupEgressCommand({ GroupId, SecurityGroupRuleIds: egress })),
    );
  }
  if (ingress.length > 0) {
    await revoke(
      context.change
        .of(EC2Client)
        .send(new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds: ingress })),
    );
  }
}

export async function readRules(context: ActionContext, GroupId: string): Promise<SecurityGroupRule[]> {
  const rules: SecurityGroupRule[] = [];
  let NextToken: string | undefined;
  do {
    const page = await context.aws
      .of(EC2Client)
      .send(new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [GroupId] }], NextToken }));
    rules.push(...(page.SecurityGroupRules ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return rules;
}
