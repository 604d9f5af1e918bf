import {
  CreatePolicyCommand,
  CreateRoleCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  type IAMClient,
} from '@aws-sdk/client-iam';
import { randomBytes } from 'node:crypto';
import type { Target } from '../../lib/model/plan';
import type { RoleCase } from '../../runbooks/revoke-role-sessions/cases';
import { ACCOUNT } from './raise-alert';

const ALLOW = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}';

export interface MadeRole {
  readonly target: Target;
  readonly name: string;
}

export function roleTarget(id: string): Target {
  return { kind: 'role', id, account: ACCOUNT, region: 'us-east-1' };
}

/** Makes a role of a shape. */
export async function makeRole(iam: IAMClient, shape: RoleCase, prefix = 'role'): Promise<MadeRole> {
  const RoleName = `${prefix}-${randomBytes(4).toString('hex')}`;
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName,
      Path: shape.path,
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: shape.trust.map((Principal) => ({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' })),
      }),
    }),
  );
  for (const PolicyName of shape.inline) {
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: ALLOW }));
  }
  if (shape.boundary) {
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: RoleName, PolicyDocument: ALLOW }));
    await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: Policy?.Arn }));
  }
  return { target: roleTarget(Role?.Arn ?? ''), name: RoleName };
}

/** The truth about a role, from the API. */
export async function readRoleState(iam: IAMClient, RoleName: string) {
  const [{ Role }, { PolicyNames }, { AttachedPolicies }] = await Promise.all([
    iam.send(new GetRoleCommand({ RoleName })),
    iam.send(new ListRolePoliciesCommand({ RoleName })),
    iam.send(new ListAttachedRolePoliciesCommand({ RoleName })),
  ]);
  const inline: Record<string, unknown> = {};
  for (const PolicyName of PolicyNames ?? []) {
    const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    inline[PolicyName] = JSON.parse(decodeURIComponent(PolicyDocument ?? ''));
  }
  return {
    trust: JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')) as unknown,
    boundary: Role?.PermissionsBoundary?.PermissionsBoundaryArn ?? null,
    attached: (AttachedPolicies ?? []).map(({ PolicyArn }) => PolicyArn),
    inline,
  };
}

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** The statements of Firebreak's own policies of a role, by their ids. */
export function denials(state: { readonly inline: Record<string, unknown> }): Readonly<Record<string, Statement>> {
  const own = Object.entries(state.inline).filter(([name]) => name.startsWith('FirebreakQuarantine-'));
  const statements = own.flatMap(([, document]) => (document as { Statement: Statement[] }).Statement);
  return Object.fromEntries(statements.map((statement) => [statement.Sid, statement]));
}
