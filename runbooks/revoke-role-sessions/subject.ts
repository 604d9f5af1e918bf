import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import type { SubjectContext, Touched } from '../../lambdas/contain/guard-rails/subject';
import { isNamed } from '../../lambdas/shared/aws-error';

/** The ARN may have been made from a name alone; what is protected is mostly named by its path. */
export async function subjectOf({ target, aws }: SubjectContext): Promise<Touched> {
  if (target.kind !== 'role') {
    throw new Error(`'${target.id}' is a ${target.kind}; this runbook revokes the sessions of a role`);
  }
  const RoleName = target.id.split('/').at(-1) ?? '';
  try {
    const { Role } = await aws.of(IAMClient).send(new GetRoleCommand({ RoleName }));
    if (Role?.Arn === undefined) throw new Error(`IAM gave no ARN for role '${RoleName}'`);
    return { arns: [Role.Arn], networks: [] };
  } catch (error) {
    if (!isNamed(error, 'NoSuchEntity', 'NoSuchEntityException')) throw error;
    throw new Error(
      `role '${RoleName}' does not exist in account ${target.account}; it may have been deleted, and its sessions with it`,
      { cause: error },
    );
  }
}
