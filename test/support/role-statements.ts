import type { Template } from 'aws-cdk-lib/assertions';

export interface RoleStatement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Condition?: unknown;
}

interface Document {
  readonly PolicyDocument: { readonly Statement: RoleStatement[] };
}

/** What each role of a template may do, by the role's logical id: in the role itself, or in a policy beside it. */
export function roleStatements(template: Template): Map<string, RoleStatement[]> {
  const statements = new Map<string, RoleStatement[]>();
  for (const [id, { Properties }] of Object.entries(template.findResources('AWS::IAM::Role'))) {
    const { Policies } = Properties as { Policies?: Document[] };
    statements.set(
      id,
      (Policies ?? []).flatMap(({ PolicyDocument }) => PolicyDocument.Statement),
    );
  }
  for (const { Properties } of Object.values(template.findResources('AWS::IAM::Policy'))) {
    const { Roles, PolicyDocument } = Properties as Document & { Roles: { Ref: string }[] };
    for (const { Ref } of Roles) statements.set(Ref, [...(statements.get(Ref) ?? []), ...PolicyDocument.Statement]);
  }
  return statements;
}
