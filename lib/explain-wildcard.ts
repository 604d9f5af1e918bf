import { Stack, Validations } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** Says to cdk-nag why a policy names resources by `*`: for this one role, and for this very spelling. */
export function explainWildcard(grantee: IGrantable, resource: string, reason: string): void {
  const { grantPrincipal } = grantee;
  if (!Construct.isConstruct(grantPrincipal)) return;
  const spelling = nagSpelling(Stack.of(grantPrincipal).resolve(resource));
  Validations.of(grantPrincipal).acknowledge({ id: `AwsSolutions-IAM5[Resource::${spelling}]`, reason });
}

/** Says to cdk-nag why a policy names actions by `*`. */
export function explainActions(grantee: IGrantable, actions: string, reason: string): void {
  const { grantPrincipal } = grantee;
  if (!Construct.isConstruct(grantPrincipal)) return;
  Validations.of(grantPrincipal).acknowledge({ id: `AwsSolutions-IAM5[Action::${actions}]`, reason });
}

/** How cdk-nag writes what CloudFormation fills in (its `flattenCfnReference`). */
export function nagSpelling(value: unknown): string {
  if (typeof value === 'string') return value.replaceAll('${', '<').replaceAll('}', '>');
  const node = value as { Ref?: string; 'Fn::GetAtt'?: [string, string]; 'Fn::Join'?: [string, unknown[]] };
  if (node['Fn::Join']) {
    const [delimiter, parts] = node['Fn::Join'];
    return parts.map(nagSpelling).join(delimiter);
  }
  if (node['Fn::GetAtt']) return `<${node['Fn::GetAtt'].join('.')}>`;
  if (node.Ref !== undefined) return `<${node.Ref}>`;
  return JSON.stringify(value);
}
