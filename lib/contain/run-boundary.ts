import { Aws, Validations } from 'aws-cdk-lib';
import { Effect, ManagedPolicy, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ALWAYS_PROTECTED } from '../model/guard-rails';
import type { RunbookFacts } from '../model/runbook-facts';

/** What the boundary is drawn around. */
export interface RunBoundaryProps {
  /** The runbooks of the stack. */
  readonly runbooks: readonly RunbookFacts[];
  /** ARNs, as patterns, of what no run may touch: Firebreak's own parts. */
  readonly own: readonly string[];
}

/**
 * The permissions boundary of every role that a containment runs with: the calls that the runbooks of the stack name and
 * no others, on nothing that is always protected and nothing of Firebreak's own. Whatever policies such a role is given
 * later, by whomever, it never becomes more than this.
 */
export class RunBoundary extends Construct {
  public readonly policy: ManagedPolicy;

  constructor(scope: Construct, id: string, { runbooks, own }: RunBoundaryProps) {
    super(scope, id);
    const calls = runbooks
      .flatMap(({ permissions }) => [...permissions.contain, ...permissions.release])
      .flatMap(({ actions }) => actions);
    const always = ALWAYS_PROTECTED.map(({ arn }) => arn.replace('{partition}', Aws.PARTITION));
    const ceiling = new PolicyStatement({
      sid: 'Calls',
      effect: Effect.ALLOW,
      actions: [...new Set(calls)].sort(),
      resources: ['*'],
    });
    const never = new PolicyStatement({
      sid: 'Never',
      effect: Effect.DENY,
      actions: ['*'],
      resources: [...always, ...own],
    });
    this.policy = new ManagedPolicy(this, 'Policy', {
      description: 'Firebreak: the most that a containment or its release may ever do',
      document: new PolicyDocument({ statements: calls.length > 0 ? [ceiling, never] : [never] }),
    });
    Validations.of(this.policy).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'A boundary allows nothing by itself; on what is said by the role and by the policy of each run',
    });
  }
}
