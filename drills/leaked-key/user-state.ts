import {
  GetLoginProfileCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
  ListUserPoliciesCommand,
} from '@aws-sdk/client-iam';
import type { DrillApi } from '../clients';

/** Everything about a user that a containment could change, as IAM says it. */
export interface UserState {
  /** Status by key id. */
  readonly keys: Readonly<Record<string, string>>;
  readonly console: boolean;
  /** Documents by the name of what holds them; the boundary too. */
  readonly policies: Readonly<Record<string, string>>;
}

export async function readUser(api: DrillApi, UserName: string): Promise<UserState> {
  const { iam } = api;
  const [{ AccessKeyMetadata = [] }, { PolicyNames = [] }, { AttachedPolicies = [] }, { User }, console] =
    await Promise.all([
      iam.send(new ListAccessKeysCommand({ UserName })),
      iam.send(new ListUserPoliciesCommand({ UserName })),
      iam.send(new ListAttachedUserPoliciesCommand({ UserName })),
      iam.send(new GetUserCommand({ UserName })),
      hasConsole(api, UserName),
    ]);
  const inline = PolicyNames.map(async (PolicyName) => {
    const { PolicyDocument } = await iam.send(new GetUserPolicyCommand({ UserName, PolicyName }));
    return [`inline policy ${PolicyName}`, decodeURIComponent(PolicyDocument ?? '')] as const;
  });
  const boundary = User?.PermissionsBoundary?.PermissionsBoundaryArn;
  const managed = [
    ...AttachedPolicies.map(
      ({ PolicyArn, PolicyName }) => [`attached policy ${PolicyName ?? ''}`, PolicyArn ?? ''] as const,
    ),
    ...(boundary === undefined ? [] : [['permissions boundary', boundary] as const]),
  ].map(async ([name, arn]) => [name, await document(api, arn)] as const);
  return {
    keys: Object.fromEntries(AccessKeyMetadata.map(({ AccessKeyId, Status }) => [AccessKeyId ?? '', Status ?? ''])),
    console,
    policies: Object.fromEntries(await Promise.all([...inline, ...managed])),
  };
}

async function hasConsole({ iam }: DrillApi, UserName: string): Promise<boolean> {
  try {
    await iam.send(new GetLoginProfileCommand({ UserName }));
    return true;
  } catch (error) {
    if (error instanceof Error && error.name.startsWith('NoSuchEntity')) return false;
    throw error;
  }
}

async function document({ iam }: DrillApi, PolicyArn: string): Promise<string> {
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  const { PolicyVersion } = await iam.send(
    new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }),
  );
  return decodeURIComponent(PolicyVersion?.Document ?? '');
}

/** Which of a user's policies denies everything without any condition; undefined where none does. */
export function bindingDeny(state: UserState): string | undefined {
  return Object.entries(state.policies).find(([, text]) => deniesAll(text))?.[0];
}

interface Statement {
  readonly Effect?: string;
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: object;
}

function deniesAll(text: string): boolean {
  const { Statement: statements } = JSON.parse(text) as { readonly Statement: Statement | readonly Statement[] };
  const all = (value: string | readonly string[] | undefined): boolean => [value].flat().includes('*');
  return [statements]
    .flat()
    .some(({ Effect, Action, Resource, Condition }) => Effect === 'Deny' && all(Action) && all(Resource) && !Condition);
}
