import type { Permission, RunbookFacts } from '../../lib/model/runbook-facts';

const ROLES = 'arn:{partition}:iam::{account}:role/*';

const reads: readonly Permission[] = [
  {
    actions: [
      'iam:GetRole',
      'iam:GetRolePolicy',
      'iam:ListRolePolicies',
      'iam:ListAttachedRolePolicies',
      'iam:ListInstanceProfilesForRole',
    ],
    resources: [ROLES],
    why: 'whose sessions were stolen is known only when it happens',
  },
  { actions: ['iam:GetPolicy', 'iam:GetPolicyVersion'], resources: ['{quarantinePolicyArn}'] },
  {
    actions: ['ec2:DescribeIamInstanceProfileAssociations', 'lambda:ListFunctions'],
    resources: ['*'],
    why: 'who else uses the role is looked up, and these lists know no resource',
  },
];

export const facts: RunbookFacts = {
  id: 'revoke-role-sessions',
  title: 'Revoke role sessions',
  summary:
    'Denies everything to the sessions of an IAM role: to those of one instance where AWS says that the session was issued to it, else to every session until now, and to later ones where whoever had one can ask for the next.',
  target: 'role',
  attack: ['T1078.004', 'T1550.001', 'T1552.005', 'T1098.003'],
  evidence: 'after',
  actions: [
    {
      id: 'deny-sessions',
      title: 'Deny the sessions of the role',
      release: 'restores',
      touches: [
        'inline policy FirebreakQuarantine-<containment>, else the quarantine managed policy, else the permissions boundary',
      ],
    },
  ],
  permissions: {
    guardRails: [{ actions: ['iam:GetRole'], resources: [ROLES] }],
    read: reads,
    evidence: [{ actions: ['cloudtrail:LookupEvents'], resources: ['*'], why: 'LookupEvents knows no resource' }],
    contain: [
      { actions: ['iam:PutRolePolicy'], resources: [ROLES] },
      {
        actions: ['iam:AttachRolePolicy'],
        resources: [ROLES],
        conditions: { ArnEquals: { 'iam:PolicyARN': '{quarantinePolicyArn}' } },
      },
      {
        actions: ['iam:PutRolePermissionsBoundary'],
        resources: [ROLES],
        conditions: { StringEquals: { 'iam:PermissionsBoundary': '{quarantinePolicyArn}' } },
      },
    ],
    release: [
      { actions: ['iam:PutRolePolicy', 'iam:DeleteRolePolicy', 'iam:PutRolePermissionsBoundary'], resources: [ROLES] },
      {
        actions: ['iam:DetachRolePolicy'],
        resources: [ROLES],
        conditions: { ArnEquals: { 'iam:PolicyARN': '{quarantinePolicyArn}' } },
      },
      {
        actions: ['iam:DeleteRolePermissionsBoundary'],
        resources: [ROLES],
        conditions: { StringEquals: { 'iam:PermissionsBoundary': '{quarantinePolicyArn}' } },
      },
    ],
  },
  limits: [
    'Everything that shares the role fails with it until it gets a new session: instances within about six hours, functions and tasks when they are started anew. The plan names the instances and functions of the stack’s Region.',
    'Instances, functions and pods get new sessions, which are not denied: where the attacker is inside one, contain that one too.',
    'Where only instances are denied and the quota of inline policies is full, nothing is done and people are told: the stand-ins would cut off everything that shares the role.',
    'The trust policy is written down and never changed; the sessions that the role’s sessions got of other roles live on, up to an hour: contain each of those roles.',
    'Where the quotas of policies are full, two containments of one role share one stand-in, and the release of the first takes it from the second.',
    'IAM takes some seconds to a few minutes until a deny binds everywhere; an attacker who is administrator and polls can remove it.',
    'Roles of IAM Identity Center and service-linked roles cannot be edited: they are refused, with the steps for people.',
  ],
};
