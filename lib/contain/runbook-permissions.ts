import { Aws, Stack, Validations } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Permission } from '../model/runbook-facts';
import type { FirebreakFunction } from '../firebreak-function';

/** IAM takes this much inline policy in one role. */
export const MAX_ROLE_POLICY_CHARACTERS = 10_240;

/** Makes statements out of a runbook's facts, and gives them to the function of one of its roles. */
export function grantPermissions(
  fn: FirebreakFunction,
  permissions: readonly Permission[],
  parameters: Readonly<Record<string, string>>,
): void {
  const fill = filler(Stack.of(fn), parameters);
  for (const permission of permissions) {
    fn.addToRolePolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: [...permission.actions],
        resources: permission.resources.map(fill),
        conditions: fillConditions(permission.conditions, fill),
      }),
    );
  }
}

/** `{name}` becomes the stack's own value, or the parameter of that name. */
function filler(stack: Stack, parameters: Readonly<Record<string, string>>): (text: string) => string {
  const values: Readonly<Record<string, string>> = {
    partition: Aws.PARTITION,
    account: stack.account,
    region: stack.region,
    ...parameters,
  };
  return (text) =>
    text.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name];
      if (value !== undefined) return value;
      throw new Error(`a permission names '{${name}}', which is none of ${Object.keys(values).join(', ')}`);
    });
}

function fillConditions(
  conditions: Permission['conditions'],
  fill: (text: string) => string,
): Record<string, Record<string, string | string[]>> | undefined {
  if (!conditions) return undefined;
  return Object.fromEntries(
    Object.entries(conditions).map(([operator, keys]) => [
      operator,
      Object.fromEntries(
        Object.entries(keys).map(([key, value]) => [key, typeof value === 'string' ? fill(value) : value.map(fill)]),
      ),
    ]),
  );
}

/**
 * Says to cdk-nag why each wildcard of a role's policy is there: scoped to that role and to that very resource.
 */
export function explainWildcards(fn: FirebreakFunction, permissions: readonly Permission[], because: string): void {
  const stack = Stack.of(fn);
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
      Validations.of(fn.role ?? fn).acknowledge({ id, reason: permission.why ?? because });
    }
  }
}

function nagSpelling(stack: Stack, value: string): string {
  const resolved: unknown = stack.resolve(value);
  return typeof resolved === 'string' ? resolved : `<${(resolved as { Ref: string }).Ref}>`;
}
