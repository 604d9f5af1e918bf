import type { Permission, RunbookFacts } from '../../lib/model/runbook-facts';

const USERS = 'arn:{partition}:iam::{account}:user/*';

/** Reading a user and all credentials. */
const reads: readonly Permission[] = [
  {
    actions: [
      'iam:GetUser',
      'iam:ListAccessKeys',
      'iam:ListUserPolicies',
      'iam:GetUserPolicy',
      'iam:ListAttachedUserPolicies',
      'iam:GetLoginProfile',
      'iam:ListServiceSpecificCredentials',
      'iam:ListSigningCertificates',
      'iam:ListSSHPublicKeys',
    ],
    resources: [USERS],
    why: 'which user leaked a key is known only when it happens',
  },
  { actions: ['iam:GetPolicy', 'iam:GetPolicyVersion'], resources: ['{quarantinePolicyArn}'] },
];

export const facts: RunbookFacts = {
  id: 'disable-access-key',
  title: 'Disable access keys',
  summary:
    'Takes every permission and every credential from an IAM user: a deny on everything first, then all access keys, service-specific credentials, signing certificates, SSH keys and the console password.',
  target: 'user',
  attack: ['T1078.004', 'T1098.001', 'T1552.001', 'T1528'],
  evidence: 'after',
  actions: [
    {
      id: 'deny-everything',
      title: 'Deny everything',
      release: 'restores',
      touches: ['inline policy FirebreakQuarantine, else the quarantine managed policy, else the permissions boundary'],
    },
    {
      id: 'deactivate-access-keys',
      title: 'Deactivate access keys',
      release: 'manual',
      touches: ['status of every access key'],
      task: 'Issue a new access key to whoever needs one, and delete the leaked keys. They stay inactive: anybody may have them.',
    },
    {
      id: 'deactivate-service-credentials',
      title: 'Deactivate service-specific credentials',
      release: 'manual',
      touches: ['status of CodeCommit, Keyspaces, Bedrock and CloudWatch Logs credentials'],
      task: 'Issue new service-specific credentials where they are still needed.',
    },
    {
      id: 'deactivate-signing-certificates',
      title: 'Deactivate signing certificates',
      release: 'manual',
      touches: ['status of X.509 signing certificates'],
      task: 'Upload new signing certificates where they are still needed.',
    },
    {
      id: 'deactivate-ssh-keys',
      title: 'Deactivate SSH public keys',
      release: 'manual',
      touches: ['status of CodeCommit SSH public keys'],
      task: 'Upload new SSH public keys where they are still needed.',
    },
    {
      id: 'delete-login-profile',
      title: 'Delete the console password',
      release: 'manual',
      touches: ['login profile'],
      task: 'Create a login profile with a new password and have the user enrol multi-factor authentication anew.',
    },
  ],
  permissions: {
    guardRails: [{ actions: ['iam:GetUser'], resources: [USERS] }],
    read: reads,
    evidence: [
      { actions: ['iam:ListGroupsForUser', 'iam:ListMFADevices', 'iam:GetAccessKeyLastUsed'], resources: [USERS] },
      { actions: ['cloudtrail:LookupEvents'], resources: ['*'], why: 'LookupEvents knows no resource' },
    ],
    contain: [
      {
        actions: [
          'iam:PutUserPolicy',
          'iam:UpdateAccessKey',
          'iam:UpdateServiceSpecificCredential',
          'iam:UpdateSigningCertificate',
          'iam:UpdateSSHPublicKey',
          'iam:DeleteLoginProfile',
        ],
        resources: [USERS],
      },
      {
        actions: ['iam:AttachUserPolicy'],
        resources: [USERS],
        conditions: { ArnEquals: { 'iam:PolicyARN': '{quarantinePolicyArn}' } },
      },
      {
        actions: ['iam:PutUserPermissionsBoundary'],
        resources: [USERS],
        conditions: { StringEquals: { 'iam:PermissionsBoundary': '{quarantinePolicyArn}' } },
      },
    ],
    release: [
      {
        actions: [
          'iam:PutUserPolicy',
          'iam:DeleteUserPolicy',
          'iam:PutUserPermissionsBoundary',
          'iam:UpdateAccessKey',
          'iam:UpdateServiceSpecificCredential',
          'iam:UpdateSigningCertificate',
          'iam:UpdateSSHPublicKey',
        ],
        resources: [USERS],
      },
      {
        actions: ['iam:DetachUserPolicy'],
        resources: [USERS],
        conditions: { ArnEquals: { 'iam:PolicyARN': '{quarantinePolicyArn}' } },
      },
      {
        actions: ['iam:DeleteUserPermissionsBoundary'],
        resources: [USERS],
        conditions: { StringEquals: { 'iam:PermissionsBoundary': '{quarantinePolicyArn}' } },
      },
    ],
  },
  limits: [
    'IAM takes some seconds to a few minutes until a deny binds everywhere; an attacker who is administrator and polls can remove it. The watch notices; only a service control policy that was there before prevents it.',
    'Multi-factor devices are not deactivated: those of the attacker and those of the owner look alike. The evidence lists them.',
    'Sessions of roles that the user assumed live on, up to 12 hours: contain each role by itself.',
    'A deleted console password cannot be given back.',
  ],
};
