import {
  EC2Client,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroup,
  type SecurityGroupRule,
} from '@aws-sdk/client-ec2';
import { randomBytes } from 'node:crypto';
import type { ActionContext, ChangeContext } from '../../../lambdas/contain/runbook-host/action';
import { isNamed } from '../../../lambdas/shared/aws-error';
import type { Permission } from '../../../lib/model/runbook-facts';
import { ec2Resource } from './instance';

export const ISOLATION_TAG = 'firebreak:isolation';
const NAME = 'firebreak-isolation';
const OUR_TAGS = [
  { Key: ISOLATION_TAG, Value: 'true' },
  { Key: 'Name', Value: NAME },
];

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

/** A name that nobody could take before, because nobody knew it: it is made up when the state is written down, and kept with that. */
export function newGroupName(): string {
  return `${NAME}-${randomBytes(8).toString('hex')}`;
}

/**
 * An isolation group of a VPC, without a single rule: one that is there, or made under the containment's own name. One a VPC
 * wherever it can be shared, and not one a finding, which would leak towards the quota.
 */
export async function ensureIsolationGroup(
  context: ChangeContext,
  vpcId: string,
  own: string | undefined,
): Promise<string> {
  const [there] = await isolationGroups(context, vpcId, own);
  const groupId = there ?? (await createGroup(context, vpcId, own));
  await strip(context, groupId);
  return groupId;
}

async function createGroup(context: ChangeContext, vpcId: string, own: string | undefined): Promise<string> {
  try {
    return await create(context, vpcId, own ?? `${NAME}-${context.containmentId}`);
  } catch (error) {
    if (!isNamed(error, 'InvalidGroup.Duplicate')) throw error;
    // Made a moment ago, and the answer was lost.
    const [there] = await isolationGroups(context, vpcId, own);
    if (there === undefined) throw error;
    return there;
  }
}

/**
 * Ids of the groups of a VPC that isolate: the containment's own, by the name that only it knew, and first; and those that bear
 * no tag but ours. Name and tag prove nothing: whoever may change groups that bear a tag of his could have made one with both
 * days before, and would open it once an instance is in it.
 *
 * @param own The name in the undo record; undefined in records of earlier versions, which took any group with name and tag.
 */
export async function isolationGroups(
  context: ActionContext,
  vpcId: string,
  own: string | undefined,
): Promise<string[]> {
  const { SecurityGroups = [] } = await context.aws.of(EC2Client).send(
    new DescribeSecurityGroupsCommand({
      Filters: [
        { Name: 'vpc-id', Values: [vpcId] },
        { Name: 'group-name', Values: [NAME, `${NAME}-*`] },
        { Name: `tag:${ISOLATION_TAG}`, Values: ['true'] },
      ],
    }),
  );
  const mine = SecurityGroups.filter(({ GroupName }) => GroupName === own);
  const shared = SecurityGroups.filter(
    (group) => !mine.includes(group) && (own === undefined || hasOnlyOurTags(group)),
  );
  return [...idsOf(mine), ...idsOf(shared).sort()];
}

function idsOf(groups: readonly SecurityGroup[]): string[] {
  return groups.map(({ GroupId }) => GroupId ?? '');
}

/** Tags of AWS itself, which nobody can set, do not count. */
function hasOnlyOurTags({ Tags = [] }: SecurityGroup): boolean {
  return Tags.every(
    ({ Key = '', Value }) =>
      Key.startsWith('aws:') || OUR_TAGS.some((ours) => ours.Key === Key && ours.Value === Value),
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
          Tags: OUR_TAGS,
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
