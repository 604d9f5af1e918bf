import { DescribeSecurityGroupsCommand, EC2Client, type SecurityGroup } from '@aws-sdk/client-ec2';
import type { ActionContext } from '../../../lambdas/contain/runbook-host/action';
import { isNamed } from '../../../lambdas/shared/aws-error';
import { partitionOf } from '../../../lib/model/partition';

/** What is asked of EC2 about a group before anything else. */
export interface Group {
  readonly id: string;
  readonly partition: string;
  readonly vpc: string | undefined;
  readonly all: SecurityGroup;
}

export function groupId({ target }: Pick<ActionContext, 'target'>): string {
  return target.id.split('/').at(-1) ?? target.id;
}

/** @throws Error where the group is gone, or belongs to another account that shares its VPC. */
export async function readGroup({ target, aws }: Pick<ActionContext, 'target' | 'aws'>): Promise<Group> {
  const id = groupId({ target });
  const missing = `security group '${id}' does not exist in ${target.region}; it may have been deleted meanwhile, and its rules with it`;
  try {
    const { SecurityGroups } = await aws.of(EC2Client).send(new DescribeSecurityGroupsCommand({ GroupIds: [id] }));
    const all = SecurityGroups?.[0];
    if (!all) throw new Error(missing);
    if (all.OwnerId !== undefined && all.OwnerId !== target.account) {
      throw new Error(
        `security group '${id}' belongs to account ${all.OwnerId}, not to ${target.account}: close it there`,
      );
    }
    return { id, partition: partitionOf(target.region), vpc: all.VpcId, all };
  } catch (error) {
    if (isNamed(error, 'InvalidGroup.NotFound', 'InvalidGroupId.Malformed')) throw new Error(missing, { cause: error });
    throw error;
  }
}
