import { GetRoleCommand, IAMClient, type Role } from '@aws-sdk/client-iam';
import type { ActionContext } from '../../../lambdas/contain/runbook-host/action';
import { isNamed } from '../../../lambdas/shared/aws-error';
import { decodePolicy } from '../../../lib/model/policy-document';

/** A role as IAM has it now. */
export interface FoundRole {
  readonly name: string;
  /** With its path. */
  readonly arn: string;
  /** `AROA…`: another one means that the role was deleted and made anew. */
  readonly roleId: string;
  /** The trust policy: who may assume it. */
  readonly trust: string;
  readonly boundary: string | null;
}

/** The name out of a role's ARN: what comes after the last slash of its path. */
export function roleName(context: ActionContext): string {
  const name = /:role\/(?:.*\/)?([^/]+)$/.exec(context.target.id)?.[1];
  if (name === undefined) throw new Error(`'${context.target.id}' is not the ARN of an IAM role`);
  return name;
}

/** The role of this name, whatever its path; undefined where there is none. */
export async function findRole(context: ActionContext): Promise<FoundRole | undefined> {
  const RoleName = roleName(context);
  let role: Role | undefined;
  try {
    ({ Role: role } = await context.aws.of(IAMClient).send(new GetRoleCommand({ RoleName })));
  } catch (error) {
    if (isNamed(error, 'NoSuchEntity', 'NoSuchEntityException')) return undefined;
    throw error;
  }
  if (role?.Arn === undefined) throw new Error(`IAM gave no ARN for role '${RoleName}'`);
  return {
    name: RoleName,
    arn: role.Arn,
    roleId: role.RoleId ?? '',
    trust: decodePolicy(role.AssumeRolePolicyDocument ?? '{}'),
    boundary: role.PermissionsBoundary?.PermissionsBoundaryArn ?? null,
  };
}

/**
 * The role, if it is still the one that the ARN names. An ARN that was made of a name alone has no path.
 *
 * @throws Error where it is gone, or lives under another path than the ARN says: somebody made it anew.
 */
export async function readRole(context: ActionContext): Promise<FoundRole> {
  const role = await findRole(context);
  const { id, account } = context.target;
  if (!role) throw new Error(`role '${roleName(context)}' does not exist in account ${account} any more`);
  if (role.arn !== id && !id.endsWith(`:role/${role.name}`)) {
    throw new Error(`role '${role.name}' is '${role.arn}' by now, not '${id}'`);
  }
  return role;
}
