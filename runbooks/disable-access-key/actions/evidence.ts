import {
  IAMClient,
  GetAccessKeyLastUsedCommand,
  GetUserPolicyCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupsForUserCommand,
  ListMFADevicesCommand,
  ListUserPoliciesCommand,
} from '@aws-sdk/client-iam';
import type { EvidenceSource } from '../../../lambdas/contain/runbook-host/action';
import { jsonEvidence as json } from '../../../lambdas/contain/runbook-host/evidence-sources';
import { lookUpTrail } from '../../../lambdas/contain/shared/look-up-trail';
import { accessKeys, serviceCredentials, signingCertificates, sshKeys } from './credential-kinds';
import { allPages, readUser, userName } from './user';

/** Most volatile first: what CloudTrail shows stays for 90 days, credentials can be deleted at any moment. */
export const evidence: readonly EvidenceSource[] = [
  json('access-keys', 'iam:ListAccessKeys, iam:GetAccessKeyLastUsed', async (context) => {
    const keys = await accessKeys.list(context);
    return Promise.all(
      keys.map(async (key) => {
        const { AccessKeyLastUsed } = await context.aws
          .of(IAMClient)
          .send(new GetAccessKeyLastUsedCommand({ AccessKeyId: key.id }));
        return { ...key, lastUsed: AccessKeyLastUsed };
      }),
    );
  }),
  json('user', 'iam:GetUser', readUser),
  json('policies', 'iam:ListUserPolicies, iam:GetUserPolicy, iam:ListAttachedUserPolicies', async (context) => {
    const UserName = userName(context);
    const names = await allPages(
      (Marker) => context.aws.of(IAMClient).send(new ListUserPoliciesCommand({ UserName, Marker })),
      (page) => page.PolicyNames,
    );
    const inline = await Promise.all(
      names.map(async (PolicyName) => {
        const { PolicyDocument } = await context.aws
          .of(IAMClient)
          .send(new GetUserPolicyCommand({ UserName, PolicyName }));
        return { name: PolicyName, document: PolicyDocument };
      }),
    );
    const attached = await allPages(
      (Marker) => context.aws.of(IAMClient).send(new ListAttachedUserPoliciesCommand({ UserName, Marker })),
      (page) => page.AttachedPolicies,
    );
    return { inline, attached };
  }),
  json('groups', 'iam:ListGroupsForUser', async (context) => {
    const UserName = userName(context);
    return allPages(
      (Marker) => context.aws.of(IAMClient).send(new ListGroupsForUserCommand({ UserName, Marker })),
      (page) => page.Groups,
    );
  }),
  json('mfa-devices', 'iam:ListMFADevices', async (context) => {
    const UserName = userName(context);
    return allPages(
      (Marker) => context.aws.of(IAMClient).send(new ListMFADevicesCommand({ UserName, Marker })),
      (page) => page.MFADevices,
    );
  }),
  json(
    'other-credentials',
    'iam:ListServiceSpecificCredentials, iam:ListSigningCertificates, iam:ListSSHPublicKeys',
    async (context) => ({
      serviceSpecificCredentials: await serviceCredentials.list(context),
      signingCertificates: await signingCertificates.list(context),
      sshPublicKeys: await sshKeys.list(context),
    }),
  ),
  json('cloudtrail-by-key', 'cloudtrail:LookupEvents by AccessKeyId', async (context) => {
    const found = [];
    for (const { id } of await accessKeys.list(context)) {
      found.push(await lookUpTrail(context, { AttributeKey: 'AccessKeyId', AttributeValue: id }));
    }
    return found;
  }),
  json('cloudtrail-by-user', 'cloudtrail:LookupEvents by Username', (context) =>
    lookUpTrail(context, { AttributeKey: 'Username', AttributeValue: userName(context) }),
  ),
];
