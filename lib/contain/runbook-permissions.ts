import { Aws, Stack, Validations } from 'aws-cdk-lib';
import { Effect, PolicyStatement, type IRole } from 'aws-cdk-lib/aws-iam';
import type { FirebreakFunction } from '../firebreak-function';
import { fillPermission } from '../model/fill-permission';
import type { Permission } from '../model/runbook-facts';

/** IAM takes this much inline policy in one role. */
export const MAX_ROLE_POLICY_CHARACTERS = 10_240;

/** Makes statements out of a runbook's facts. */
export function statementsOf(
  stack: Stack,
  permissions: readonly Permission[],
  parameters: Readonly<Record<string, string>>,
): PolicyStatement[] {
  const values = { partition: Aws.PARTITION, account: stack.account, region: stack.region, ...parameters };
  return permissions
    .map((permission) => fillPermission(permission, values))
    .map(
      ({ actions, resources, conditions }) =>
        new PolicyStatement({
          effect: Effect.ALLOW,
          actions: [...actions],
          resources: [...resources],
          ...(conditions && { conditions }),
        }),
    );
}

/** Gives a function's role what a runbook's facts say, and tells cdk-nag why there are wildcards. */
export function grantPermissions(
  fn: FirebreakFunction,
  permissions: readonly Permission[],
  parameters: Readonly<Record<string, string>>,
  because: string,
): void {
  const given = permissions.filter((permission) => permission.given === undefined || permission.given in parameters);
  for (const statement of statementsOf(Stack.of(fn), given, parameters)) fn.addToRolePolicy(statement);
  if (fn.role) explainWildcards(fn.role, given, because);
}

/**
 * Says to cdk-nag why each wildcard of a role's policy is there: scoped to that role and to that very resource.
 */
export function explainWildcards(role: IRole, permissions: readonly Permission[], because: string): void {
  const stack = Stack.of(role);
  const spell = (text: string) =>
    text
      .replace('{partition}', '<AWS::Partition>')
      .replace('{account}', nagSpelling(stack, stack.account))
      .replace('{region}', nagSpelling(stack, stack.region));
  const explained = new Set<string>();
  for (const permission of permissions) {
    for (const resource of permission.resources.filter((text) => text.includes('*'))) {
      const id = `AwsSolutions-IAM5[Resource::${spell(resource)}]`;
      if (explained.has(id)) continue;
      explained.add(id);
      Validations.of(role).acknowledge({ id, reason: permission.why ?? because });
    }
  }
}

function nagSpelling(stack: Stack, value: string): string {
  const resolved: unknown = stack.resolve(value);
  return typeof resolved === 'string' ? resolved : `<${(resolved as { Ref: string }).Ref}>`;
}
