import { Stack } from 'aws-cdk-lib';
import { ArnPrincipal, PolicyStatement, type IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { explainWildcard } from '../explain-wildcard';
import type { FirebreakFunction } from '../firebreak-function';
import { InlineRole } from '../inline-role';
import type { RunbookFacts } from '../model/runbook-facts';
import type { GuardRails } from './guard-rails';
import { runRoleArns, runRolePath } from './own-resources';
import { explainWildcards, statementsOf } from './runbook-permissions';

/** To become somebody for one run, and to say in CloudTrail for which incident. */
const BECOME = ['sts:AssumeRole', 'sts:SetSourceIdentity'];

export interface RunRoleProps {
  readonly facts: RunbookFacts;
  readonly step: 'contain' | 'release';
  readonly parameters: Readonly<Record<string, string>>;
  /** The one function that may assume it. */
  readonly assumedBy: FirebreakFunction;
  readonly guardRails: GuardRails;
  readonly boundary: IManagedPolicy;
}

/**
 * The role by which one runbook contains, or releases. It is the most that a run may do; each run gets the part of it
 * that names the target. Only the runbook's own function can assume it, as a session that says which containment it is.
 */
export class RunRole extends InlineRole {
  constructor(
    scope: Construct,
    id: string,
    { facts, step, parameters, assumedBy, guardRails, boundary }: RunRoleProps,
  ) {
    const stack = Stack.of(scope);
    const principal = new ArnPrincipal(roleOf(assumedBy).roleArn);
    super(scope, id, {
      path: runRolePath(stack, facts.id, step),
      description: `Firebreak: what '${facts.title}' may ${step}, narrowed for each run`,
      assumedBy: principal,
      permissionsBoundary: boundary,
    });
    this.assumeRolePolicy?.addStatements(
      new PolicyStatement({ actions: ['sts:SetSourceIdentity'], principals: [principal] }),
    );
    const permissions = facts.permissions[step];
    for (const statement of [...statementsOf(stack, permissions, parameters), ...guardRails._denials(stack)]) {
      this.addToPrincipalPolicy(statement);
    }
    explainWildcards(this, permissions, 'The most that a run may do; the policy of each run names its target');
    const arns = runRoleArns(stack, facts.id, step);
    assumedBy.addToRolePolicy(new PolicyStatement({ actions: BECOME, resources: [arns] }));
    explainWildcard(
      assumedBy,
      arns,
      'One role has this path; its name is CloudFormation’s to give, and it trusts this role alone',
    );
    assumedBy.addEnvironment(`${step.toUpperCase()}_ROLE_ARN`, this.roleArn);
  }
}

function roleOf(fn: FirebreakFunction) {
  if (fn.role) return fn.role;
  throw new Error(`function '${fn.node.path}' has no role`);
}
