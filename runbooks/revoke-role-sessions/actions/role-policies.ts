import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import type { ActionContext } from '../../../lambdas/contain/runbook-host/action';
import { isNamed } from '../../../lambdas/shared/aws-error';
import { decodePolicy } from '../../../lib/model/policy-document';
import { QUARANTINE_POLICY_NAME } from '../../../lib/model/quarantine';
import { allPages } from '../../disable-access-key/actions/user';

/** One policy a containment: two that hold one role do not undo each other. Part of undo records, so it never changes. */
export function policyName(context: ActionContext): string {
  return `${QUARANTINE_POLICY_NAME}-${context.containmentId.replace(/^con-/, '').slice(0, 12)}`;
}

/** The managed policy that denies everything, deployed beforehand. */
export function quarantineArn(context: ActionContext): string {
  const arn = context.parameters['quarantinePolicyArn'];
  if (arn === undefined) throw new Error("the runbook's parameter 'quarantinePolicyArn' is missing");
  return arn;
}

/** The document of our inline policy; null where there is none. */
export async function readInline(context: ActionContext, RoleName: string): Promise<string | null> {
  try {
    const { PolicyDocument } = await context.aws
      .of(IAMClient)
      .send(new GetRolePolicyCommand({ RoleName, PolicyName: policyName(context) }));
    return decodePolicy(PolicyDocument ?? '');
  } catch (error) {
    if (isNamed(error, 'NoSuchEntity', 'NoSuchEntityException')) return null;
    throw error;
  }
}

/** Names of every inline policy. */
export async function inlineNames(context: ActionContext, RoleName: string): Promise<string[]> {
  return allPages(
    (Marker) => context.aws.of(IAMClient).send(new ListRolePoliciesCommand({ RoleName, Marker })),
    (page) => page.PolicyNames,
  );
}

export async function attachedArns(context: ActionContext, RoleName: string): Promise<string[]> {
  const policies = await allPages(
    (Marker) => context.aws.of(IAMClient).send(new ListAttachedRolePoliciesCommand({ RoleName, Marker })),
    (page) => page.AttachedPolicies,
  );
  return policies.map(({ PolicyArn }) => PolicyArn).filter((arn) => arn !== undefined);
}

/** What the managed policy says now: an attacker may have given it another version. */
export async function readManaged(context: ActionContext): Promise<string> {
  const PolicyArn = quarantineArn(context);
  const iam = context.aws.of(IAMClient);
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  const { PolicyVersion } = await iam.send(
    new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }),
  );
  return decodePolicy(PolicyVersion?.Document ?? '');
}
