import { ACCOUNT } from '../stack/sample-stack';
import type { Call } from './roles';
import { TARGETS } from './targets';

const on = (resource: string, ...actions: string[]): Call[] => actions.map((action) => [action, resource]);

const readUser = on(
  TARGETS.user,
  'iam:GetUser',
  'iam:ListAccessKeys',
  'iam:GetUserPolicy',
  'iam:ListAttachedUserPolicies',
  'iam:GetLoginProfile',
  'iam:ListServiceSpecificCredentials',
  'iam:ListSigningCertificates',
  'iam:ListSSHPublicKeys',
);
const readRole = [
  ...on(
    TARGETS.role,
    'iam:GetRole',
    'iam:GetRolePolicy',
    'iam:ListRolePolicies',
    'iam:ListAttachedRolePolicies',
    'iam:ListInstanceProfilesForRole',
  ),
  ...on('*', 'ec2:DescribeIamInstanceProfileAssociations', 'lambda:ListFunctions'),
];
const trail: Call = ['cloudtrail:LookupEvents', '*'];
const before = { 'iam:PermissionsBoundary': `arn:aws:iam::${ACCOUNT}:policy/before` };

/** What the runbooks for roles and administrators ask AWS for, by role of a stack with every runbook. */
export function identityCalls(quarantine: string): Readonly<Record<string, readonly Call[]>> {
  const ours = { 'iam:PolicyARN': quarantine };
  const boundary = { 'iam:PermissionsBoundary': quarantine };
  const readPolicy = on(quarantine, 'iam:GetPolicy', 'iam:GetPolicyVersion');
  const changeRole: Call[] = [
    ['iam:PutRolePolicy', TARGETS.role],
    ['iam:AttachRolePolicy', TARGETS.role, ours],
    ['iam:PutRolePermissionsBoundary', TARGETS.role, boundary],
  ];
  const giveRoleBack: Call[] = [
    ...on(TARGETS.role, 'iam:PutRolePolicy', 'iam:DeleteRolePolicy'),
    ['iam:DetachRolePolicy', TARGETS.role, ours],
    ['iam:DeleteRolePermissionsBoundary', TARGETS.role, boundary],
    ['iam:PutRolePermissionsBoundary', TARGETS.role, before],
  ];
  const changeUser: Call[] = [
    ...on(
      TARGETS.user,
      'iam:PutUserPolicy',
      'iam:UpdateAccessKey',
      'iam:UpdateServiceSpecificCredential',
      'iam:UpdateSigningCertificate',
      'iam:UpdateSSHPublicKey',
    ),
  ];
  return {
    FirebreakContainmentGuardRailsRole: [
      ['iam:GetRole', TARGETS.role],
      ['iam:GetUser', TARGETS.user],
    ],
    revokerolesessionsEvidenceRole: [...readRole, ...readPolicy, trail],
    revokerolesessionsContainRole: [...readRole, ...readPolicy],
    revokerolesessionsReleaseRole: [...readRole, ...readPolicy],
    revokerolesessionsContainRun: changeRole,
    revokerolesessionsReleaseRun: giveRoleBack,
    containadministratorEvidenceRole: [
      ...readRole,
      ...readUser,
      ...readPolicy,
      ...on(TARGETS.user, 'iam:ListGroupsForUser', 'iam:ListMFADevices', 'iam:GetAccessKeyLastUsed'),
      trail,
    ],
    containadministratorContainRole: [...readRole, ...readUser, ...readPolicy, trail],
    containadministratorReleaseRole: [...readRole, ...readUser, ...readPolicy],
    containadministratorContainRun: [
      ...changeRole,
      ...changeUser,
      ['iam:DeleteLoginProfile', TARGETS.user],
      ['iam:AttachUserPolicy', TARGETS.user, ours],
      ['iam:PutUserPermissionsBoundary', TARGETS.user, boundary],
    ],
    containadministratorReleaseRun: [
      ...giveRoleBack,
      ...changeUser,
      ['iam:DeleteUserPolicy', TARGETS.user],
      ['iam:DetachUserPolicy', TARGETS.user, ours],
      ['iam:DeleteUserPermissionsBoundary', TARGETS.user, boundary],
    ],
  };
}

const another = { 'iam:PolicyARN': 'arn:aws:iam::aws:policy/AdministratorAccess' };
const none = { 'iam:PermissionsBoundary': `arn:aws:iam::${ACCOUNT}:policy/everything` };

/** What comes close to it and is denied: becoming more, and taking from others what is not Firebreak's. */
const NEVER: readonly Call[] = [
  ...on(TARGETS.role, 'iam:UpdateAssumeRolePolicy', 'iam:DeleteRole', 'iam:PassRole', 'sts:AssumeRole'),
  ...on(TARGETS.user, 'iam:DeleteUser', 'iam:CreateAccessKey', 'iam:DeleteAccessKey', 'iam:CreateLoginProfile'),
  ['iam:AttachRolePolicy', TARGETS.role, another],
  ['iam:DetachRolePolicy', TARGETS.role, another],
  ['iam:AttachUserPolicy', TARGETS.user, another],
  ['iam:DetachUserPolicy', TARGETS.user, another],
  ['iam:DeleteRolePermissionsBoundary', TARGETS.role, none],
];

export const IDENTITY_DENIED: Readonly<Record<string, readonly Call[]>> = {
  revokerolesessionsContainRun: [...NEVER, ['iam:PutRolePermissionsBoundary', TARGETS.role, none]],
  revokerolesessionsReleaseRun: NEVER,
  containadministratorContainRun: [...NEVER, ['iam:PutUserPermissionsBoundary', TARGETS.user, none]],
  containadministratorReleaseRun: NEVER,
  // By themselves the functions change nothing at all.
  revokerolesessionsContainRole: [['iam:PutRolePolicy', TARGETS.role]],
  containadministratorContainRole: [
    ['iam:PutUserPolicy', TARGETS.user],
    ['iam:PutRolePolicy', TARGETS.role],
  ],
};
