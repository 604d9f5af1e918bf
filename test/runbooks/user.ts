import {
  CreateAccessKeyCommand,
  CreateLoginProfileCommand,
  CreateUserCommand,
  GetLoginProfileCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
  ListUserPoliciesCommand,
  PutUserPolicyCommand,
  UpdateAccessKeyCommand,
  type IAMClient,
} from '@aws-sdk/client-iam';
import { randomBytes } from 'node:crypto';
import { QUARANTINE_POLICY_NAME } from '../../lib/model/quarantine';
import type { Target } from '../../lib/model/plan';
import type { UserCase } from '../../runbooks/disable-access-key/cases';

/** Makes a user of a shape. */
export async function makeUser(
  iam: IAMClient,
  shape: UserCase,
  prefix = 'user',
): Promise<{ target: Target; name: string }> {
  const UserName = `${prefix}-${randomBytes(4).toString('hex')}`;
  const { User } = await iam.send(new CreateUserCommand({ UserName, Path: shape.path }));
  for (let index = 0; index < shape.activeKeys + shape.inactiveKeys; index++) {
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
    if (index < shape.activeKeys) continue;
    await iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId: AccessKey?.AccessKeyId, Status: 'Inactive' }));
  }
  if (shape.password) await iam.send(new CreateLoginProfileCommand({ UserName, Password: 'correct-horse-Battery-1' }));
  if (shape.inlineBefore !== null) {
    await iam.send(
      new PutUserPolicyCommand({ UserName, PolicyName: QUARANTINE_POLICY_NAME, PolicyDocument: shape.inlineBefore }),
    );
  }
  const target: Target = { kind: 'user', id: User?.Arn ?? '', account: '000000000000', region: 'us-east-1' };
  return { target, name: UserName };
}

/** The truth about a user, from the API. */
export async function readUserState(iam: IAMClient, UserName: string) {
  const [user, keys, attached, inline, password] = await Promise.all([
    iam.send(new GetUserCommand({ UserName })),
    iam.send(new ListAccessKeysCommand({ UserName })),
    iam.send(new ListAttachedUserPoliciesCommand({ UserName })),
    orNull(iam.send(new GetUserPolicyCommand({ UserName, PolicyName: QUARANTINE_POLICY_NAME }))),
    orNull(iam.send(new GetLoginProfileCommand({ UserName }))),
  ]);
  return {
    boundary: user.User?.PermissionsBoundary?.PermissionsBoundaryArn ?? null,
    keys: Object.fromEntries((keys.AccessKeyMetadata ?? []).map((key) => [key.AccessKeyId ?? '', key.Status ?? ''])),
    attached: (attached.AttachedPolicies ?? []).map(({ PolicyArn }) => PolicyArn),
    inline:
      inline?.PolicyDocument === undefined ? null : (JSON.parse(decodeURIComponent(inline.PolicyDocument)) as unknown),
    password: password !== null,
  };
}

async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && error.name.startsWith('NoSuchEntity')) return null;
    throw error;
  }
}

/** Every inline policy of a user, by name. */
export async function inlinePolicies(iam: IAMClient, UserName: string): Promise<[name: string, document: unknown][]> {
  const { PolicyNames } = await iam.send(new ListUserPoliciesCommand({ UserName }));
  const found: [string, unknown][] = [];
  for (const PolicyName of PolicyNames ?? []) {
    const { PolicyDocument } = await iam.send(new GetUserPolicyCommand({ UserName, PolicyName }));
    found.push([PolicyName, JSON.parse(decodeURIComponent(PolicyDocument ?? ''))]);
  }
  return found;
}
