import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { Stack } from 'aws-cdk-lib';
import { edges } from '../stack/edges';
import { ACCOUNT, ofType, refersTo, resourcesOf, sampleApp, sampleStack, type Resource } from '../stack/sample-stack';
import { Resolver } from './resolve';

export type Context = Readonly<Record<string, string | string[]>>;

/** One call: its action, the resource, and what else IAM is told. */
export type Call = readonly [action: string, resource: string, context?: Context];

export type Verdict = 'allowed' | 'denied';

interface Policy {
  readonly name: string;
  readonly policy: unknown;
}

/** All roles of the sample stack with what their policies say, and who asks what may be simulated. */
export class Roles {
  public readonly resources: ReadonlyMap<string, Resource>;
  public readonly resolver: Resolver;
  /** How many calls were simulated. */
  public simulated = 0;
  private readonly policies = new Map<string, Policy[]>();
  private readonly boundaries = new Map<string, Policy>();

  constructor(stack: Stack = sampleStack(sampleApp()).stack) {
    this.resources = resourcesOf(stack);
    this.resolver = new Resolver(this.resources);
    for (const [id, { Properties = {} }] of ofType(this.resources, 'AWS::IAM::Role')) {
      const inline = (Properties['Policies'] ?? []) as { PolicyName: string; PolicyDocument: unknown }[];
      this.policies.set(
        id,
        inline.map(({ PolicyName, PolicyDocument }) => ({
          name: PolicyName,
          policy: this.resolver.resolve(PolicyDocument),
        })),
      );
      const [boundary] = refersTo(Properties['PermissionsBoundary']);
      const document = boundary && this.resources.get(boundary)?.Properties?.['PolicyDocument'];
      if (document) this.boundaries.set(id, { name: boundary, policy: this.resolver.resolve(document) });
    }
    for (const [name, { Properties = {} }] of ofType(this.resources, 'AWS::IAM::Policy')) {
      const policy = this.resolver.resolve(Properties['PolicyDocument']);
      for (const role of refersTo(Properties['Roles'])) this.policies.get(role)?.push({ name, policy });
    }
  }

  /** Logical ids without the hash at their end. */
  public get names(): string[] {
    return [...this.policies.keys()].map((id) => id.slice(0, -8));
  }

  public roleArn(name: string): string {
    return this.resolver.arn('AWS::IAM::Role', name);
  }

  /**
   * Whether a role may make a call, its boundary and the policy of its session included; the policies of buckets, keys and
   * roles are asked as well.
   */
  public async simulate(name: string, [action, resource, context = {}]: Call, session?: unknown): Promise<Verdict> {
    this.simulated++;
    const role = this.resolver.id('AWS::IAM::Role', name);
    const boundary = this.boundaries.get(role);
    const arn = this.roleArn(name);
    const result = await runSimulation(
      {
        request: {
          principal: sessionArn(arn),
          action,
          resource: { resource, accountId: ACCOUNT },
          contextVariables: { 'aws:PrincipalArn': arn, 'aws:SecureTransport': 'true', ...TLS, ...context },
        },
        identityPolicies: [...(this.policies.get(role) ?? [])],
        permissionBoundaryPolicies: boundary && [boundary],
        sessionPolicy: session,
        serviceControlPolicies: [
          { orgIdentifier: 'r-root', policies: [{ name: 'FullAWSAccess', policy: EVERYTHING }] },
        ],
        resourceControlPolicies: [],
        resourcePolicy: this.resourcePolicy(resource),
      },
      {},
    );
    // An unknown action, resource or key is a mistake of the test, and never "denied".
    if (result.resultType === 'error') {
      throw new Error(`${name}: ${action} on ${resource} cannot be simulated: ${JSON.stringify(result.errors)}`);
    }
    return result.overallResult === 'Allowed' ? 'allowed' : 'denied';
  }

  /** Calls that do not come out as they should, as `role: action on resource`. */
  public async wrong(name: string, calls: readonly Call[], expected: Verdict): Promise<string[]> {
    const wrong: string[] = [];
    for (const call of calls) {
      const verdict = await this.simulate(name, call);
      if (verdict !== expected) wrong.push(`${name}: ${call[0]} on ${call[1]} is ${verdict}`);
    }
    return wrong;
  }

  /** Every action that a role's policies name in an Allow. */
  public allowedActions(name: string): string[] {
    const policies = this.policies.get(this.resolver.id('AWS::IAM::Role', name)) ?? [];
    return policies.flatMap(({ policy }) =>
      (policy as { Statement: { Effect: string; Action: string | string[] }[] }).Statement.filter(
        ({ Effect }) => Effect === 'Allow',
      ).flatMap(({ Action }) => Action),
    );
  }

  /** Queues that a function's own role puts dead letters into. */
  public deadLetterQueues(role: string): string[] {
    return edges(this.resources)
      .filter((edge) => edge.how === 'dead letters' && edge.role === this.resolver.id('AWS::IAM::Role', role))
      .map(({ to }) => String(this.resolver.resolve({ 'Fn::GetAtt': [to, 'Arn'] })));
  }

  private resourcePolicy(resource: string): unknown {
    const role = [...this.policies.keys()].find(
      (id) => this.resolver.resolve({ 'Fn::GetAtt': [id, 'Arn'] }) === resource,
    );
    if (role !== undefined)
      return this.resolver.resolve(this.resources.get(role)?.Properties?.['AssumeRolePolicyDocument']);
    if (resource.startsWith('arn:aws:kms:')) {
      return this.policyOf('AWS::KMS::Key', 'KeyPolicy', () => true);
    }
    if (!resource.startsWith('arn:aws:s3:::')) return undefined;
    const [bucket] = resource.slice('arn:aws:s3:::'.length).split('/');
    return this.policyOf('AWS::S3::BucketPolicy', 'PolicyDocument', (properties) => {
      const [id] = refersTo(properties['Bucket']);
      return this.resolver.resolve({ 'Fn::GetAtt': [id, 'Arn'] }) === `arn:aws:s3:::${bucket ?? ''}`;
    });
  }

  private policyOf(type: string, property: string, is: (p: Readonly<Record<string, unknown>>) => boolean): unknown {
    const [found] = ofType(this.resources, type).filter(([, { Properties = {} }]) => is(Properties));
    return found && this.resolver.resolve(found[1].Properties?.[property]);
  }
}

/** A session's ARN has the role's name without its path. */
function sessionArn(role: string): string {
  const [account = '', path = ''] = role.split(':role/');
  return `${account.replace(':iam:', ':sts:')}:assumed-role/${path.split('/').at(-1) ?? ''}/session`;
}

const TLS = { 's3:TlsVersion': '1.3' };
const EVERYTHING = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
