import { GetRoleCommand, GetRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import type { EvidenceSource } from '../../../lambdas/contain/runbook-host/action';
import { jsonEvidence } from '../../../lambdas/contain/runbook-host/evidence-sources';
import { lookUpTrail } from '../../../lambdas/contain/shared/look-up-trail';
import { decodePolicy } from '../../../lib/model/policy-document';
import { readRole, roleName } from './role';
import { attachedArns, inlineNames } from './role-policies';
import { readScope } from './scope';
import { readTrust } from './trust';
import { usersOf } from './used-by';

/** Most volatile first: who runs with the role changes by the minute, CloudTrail stays for 90 days. */
export const evidence: readonly EvidenceSource[] = [
  jsonEvidence(
    'used-by',
    'iam:ListInstanceProfilesForRole, ec2:DescribeIamInstanceProfileAssociations, lambda:ListFunctions',
    async (context) => usersOf(context, await readRole(context)),
  ),
  jsonEvidence('role', 'iam:GetRole', async (context) => {
    const { Role } = await context.aws.of(IAMClient).send(new GetRoleCommand({ RoleName: roleName(context) }));
    const trust = decodePolicy(Role?.AssumeRolePolicyDocument ?? '{}');
    return { ...Role, AssumeRolePolicyDocument: trust, mayAssume: readTrust(trust) };
  }),
  jsonEvidence('policies', 'iam:ListRolePolicies, iam:GetRolePolicy, iam:ListAttachedRolePolicies', async (context) => {
    const RoleName = roleName(context);
    const inline = await Promise.all(
      (await inlineNames(context, RoleName)).map(async (PolicyName) => {
        const { PolicyDocument } = await context.aws
          .of(IAMClient)
          .send(new GetRolePolicyCommand({ RoleName, PolicyName }));
        return { name: PolicyName, document: decodePolicy(PolicyDocument ?? '') };
      }),
    );
    return { inline, attached: await attachedArns(context, RoleName) };
  }),
  jsonEvidence('sessions', 'the alerts of the incident', readScope),
  // AssumeRole names the role as a resource: who got sessions, from where, and under which name.
  jsonEvidence('cloudtrail-by-role', 'cloudtrail:LookupEvents by ResourceName', (context) =>
    lookUpTrail(context, { AttributeKey: 'ResourceName', AttributeValue: roleName(context) }),
  ),
];
