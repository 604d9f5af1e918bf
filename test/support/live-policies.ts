import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupsForUserCommand,
  ListRolePoliciesCommand,
  ListUserPoliciesCommand,
} from '@aws-sdk/client-iam';
import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { Assumed } from '../../local/proxy/call';

/** Who makes a call: a user, or a session of a role with the policy that it was narrowed to. */
export type Caller = { readonly user: string } | { readonly role: string; readonly sessionPolicy?: string };

/** One call as IAM is asked about it. */
export interface AskedCall {
  readonly action: string;
  /** The ARN that AWS asks about, or `*`. */
  readonly resource: string;
  readonly context?: Readonly<Record<string, string | string[]>>;
}

interface Policy {
  readonly name: string;
  readonly policy: unknown;
}

/** What binds somebody at this moment. */
export interface Live {
  readonly arn: string;
  readonly policies: readonly Policy[];
  readonly boundary?: Policy;
}

const EVERYTHING = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

/**
 * Says what IAM would say to a call right now, by the policies that stand in the embedded AWS, which enforces none. Reads them
 * anew each time: an attacker, or a containment, may just have changed them.
 */
export class LivePolicies {
  readonly #iam: IAMClient;

  /** `aws.client` of a test, or what `new IAMClient(…)` takes to reach the embedded AWS. */
  constructor(client: ConstructorParameters<typeof IAMClient>[0]) {
    this.#iam = new IAMClient(client ?? {});
  }

  /**
   * @param serviceControlPolicy a document that binds the account besides, e.g. of the organisation's stack
   * @throws Error where the call cannot be simulated: an unknown action or key is never "denied".
   */
  async verdict(caller: Caller, call: AskedCall, serviceControlPolicy?: unknown): Promise<'allowed' | 'denied'> {
    const live = 'user' in caller ? await this.ofUser(caller.user) : await this.ofRole(caller.role);
    const [, , , , account = ''] = live.arn.split(':');
    const principal = 'user' in caller ? live.arn : sessionArn(live.arn);
    const sessionPolicy: unknown =
      'role' in caller && caller.sessionPolicy !== undefined ? JSON.parse(caller.sessionPolicy) : undefined;
    const result = await runSimulation(
      {
        request: {
          principal,
          action: call.action,
          resource: { resource: call.resource, accountId: account },
          contextVariables: { 'aws:PrincipalArn': live.arn, 'aws:SecureTransport': 'true', ...call.context },
        },
        identityPolicies: [...live.policies],
        ...(live.boundary && { permissionBoundaryPolicies: [live.boundary] }),
        ...(sessionPolicy !== undefined && { sessionPolicy }),
        serviceControlPolicies: [
          {
            orgIdentifier: 'r-root',
            policies: [
              { name: 'FullAWSAccess', policy: EVERYTHING },
              ...(serviceControlPolicy === undefined ? [] : [{ name: 'Scp', policy: serviceControlPolicy }]),
            ],
          },
        ],
        resourceControlPolicies: [],
      },
      {},
    );
    if (result.resultType === 'error') {
      throw new Error(`${call.action} on ${call.resource} cannot be simulated: ${JSON.stringify(result.errors)}`);
    }
    return result.overallResult === 'Allowed' ? 'allowed' : 'denied';
  }

  async ofRole(roleArn: string): Promise<Live> {
    const RoleName = nameIn(roleArn);
    const [{ Role }, { PolicyNames }, { AttachedPolicies }] = await Promise.all([
      this.#iam.send(new GetRoleCommand({ RoleName })),
      this.#iam.send(new ListRolePoliciesCommand({ RoleName })),
      this.#iam.send(new ListAttachedRolePoliciesCommand({ RoleName })),
    ]);
    const inline = (PolicyNames ?? []).map(async (PolicyName) => {
      const { PolicyDocument } = await this.#iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
      return { name: PolicyName, policy: documentIn(PolicyDocument) };
    });
    const boundary = Role?.PermissionsBoundary?.PermissionsBoundaryArn;
    return {
      arn: Role?.Arn ?? roleArn,
      policies: [...(await Promise.all(inline)), ...(await this.#managed(AttachedPolicies))],
      ...(boundary !== undefined && { boundary: await this.#document(boundary) }),
    };
  }

  /** @throws Error where the user is in a group: their policies are not read. */
  async ofUser(name: string): Promise<Live> {
    const UserName = nameIn(name);
    const [{ User }, { PolicyNames }, { AttachedPolicies }, { Groups }] = await Promise.all([
      this.#iam.send(new GetUserCommand({ UserName })),
      this.#iam.send(new ListUserPoliciesCommand({ UserName })),
      this.#iam.send(new ListAttachedUserPoliciesCommand({ UserName })),
      this.#iam.send(new ListGroupsForUserCommand({ UserName })),
    ]);
    if ((Groups ?? []).length > 0)
      throw new Error(`user '${UserName}' is in a group, whose policies are not read here`);
    const inline = (PolicyNames ?? []).map(async (PolicyName) => {
      const { PolicyDocument } = await this.#iam.send(new GetUserPolicyCommand({ UserName, PolicyName }));
      return { name: PolicyName, policy: documentIn(PolicyDocument) };
    });
    const boundary = User?.PermissionsBoundary?.PermissionsBoundaryArn;
    return {
      arn: User?.Arn ?? '',
      policies: [...(await Promise.all(inline)), ...(await this.#managed(AttachedPolicies))],
      ...(boundary !== undefined && { boundary: await this.#document(boundary) }),
    };
  }

  async #managed(attached: readonly { readonly PolicyArn?: string }[] = []): Promise<Policy[]> {
    return Promise.all(attached.map(({ PolicyArn = '' }) => this.#document(PolicyArn)));
  }

  async #document(PolicyArn: string): Promise<Policy> {
    const { Policy } = await this.#iam.send(new GetPolicyCommand({ PolicyArn }));
    const { PolicyVersion } = await this.#iam.send(
      new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }),
    );
    return { name: PolicyArn, policy: documentIn(PolicyVersion?.Document) };
  }
}

/** The caller of a recorded call, by the session whose access key it carries. */
export function callerOf(
  call: { readonly source: { readonly accessKey: string } },
  sessions: readonly Assumed[],
): Caller | undefined {
  const session = sessions.find(({ accessKey }) => accessKey === call.source.accessKey);
  if (!session) return undefined;
  return { role: session.roleArn, ...(session.policy !== undefined && { sessionPolicy: session.policy }) };
}

/** A session's ARN has the role's name without its path. */
function sessionArn(role: string): string {
  const [account = ''] = role.split(':role/');
  return `${account.replace(':iam:', ':sts:')}:assumed-role/${nameIn(role)}/session`;
}

function nameIn(arn: string): string {
  return arn.split('/').at(-1) ?? arn;
}

/** IAM gives documents URL-encoded. */
function documentIn(text = '{}'): unknown {
  return JSON.parse(text.trimStart().startsWith('{') ? text : decodeURIComponent(text));
}
