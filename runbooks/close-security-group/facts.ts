import type { Permission, RunbookFacts } from '../../lib/model/runbook-facts';

const GROUPS = 'arn:{partition}:ec2:{region}:{account}:security-group/*';

/** Written by itself, so that statements with and without conditions are one type. */
const gives: readonly Permission[] = [
  {
    actions: ['ec2:AuthorizeSecurityGroupIngress'],
    resources: [GROUPS],
    // Whatever a run is told: what isolates an instance stays shut.
    conditions: { StringNotEquals: { 'aws:ResourceTag/firebreak:isolation': 'true' } },
  },
  {
    actions: ['ec2:AuthorizeSecurityGroupIngress'],
    resources: ['arn:{partition}:ec2:{region}:{account}:security-group-rule/*'],
  },
  {
    actions: ['ec2:CreateTags'],
    resources: ['arn:{partition}:ec2:{region}:{account}:security-group-rule/*'],
    conditions: { StringEquals: { 'ec2:CreateAction': 'AuthorizeSecurityGroupIngress' } },
  },
];

export const facts = {
  id: 'close-security-group',
  title: 'Close a security group',
  summary:
    'Revokes the inbound rules that opened a security group to the world: those that were added in the last 24 hours, and where CloudTrail does not say when, those on other ports than 80 and 443. Rules that are known to be older stay.',
  target: 'security-group',
  attack: ['T1562.007', 'T1133', 'T1190', 'T1021'],
  evidence: 'before',
  actions: [
    {
      id: 'revoke-open-rules',
      title: 'Revoke the rules that are open to the world',
      release: 'restores',
      touches: ['inbound rules from 0.0.0.0/0, ::/0, or a prefix list or range about as wide'],
    },
  ],
  permissions: {
    guardRails: [
      {
        actions: ['ec2:DescribeSecurityGroups', 'ec2:DescribeNetworkInterfaces'],
        resources: ['*'],
        why: 'Describe calls of EC2 know no resource',
      },
    ],
    read: [
      {
        actions: ['ec2:DescribeSecurityGroups', 'ec2:DescribeSecurityGroupRules', 'ec2:DescribeNetworkInterfaces'],
        resources: ['*'],
        why: 'Describe calls of EC2 know no resource',
      },
      {
        actions: ['ec2:GetManagedPrefixListEntries'],
        resources: ['arn:{partition}:ec2:{region}:*:prefix-list/*'],
        why: 'lists belong to AWS and to accounts that share them, too; which one a rule names is known only then',
      },
      { actions: ['cloudtrail:LookupEvents'], resources: ['*'], why: 'LookupEvents knows no resource' },
    ],
    evidence: [],
    contain: [{ actions: ['ec2:RevokeSecurityGroupIngress'], resources: [GROUPS] }],
    release: gives,
  },
  limits: [
    'Connections that are already tracked live on after a rule is gone: an idle TCP connection up to 5 days by default (350 s on Nitro v6). Isolate the instance, or put a network ACL before the subnet.',
    'CloudTrail shows a call minutes after it was made. A rule that it does not know yet is revoked unless it opens port 80 or 443 alone; these are listed, and stay for a person to decide.',
    'A rule that CloudTrail shows to be older than 24 hours stays: a posture fix in the night takes services down. The evidence lists it.',
    'A range of one organisation, or a single address, is not the world: a rule that lets only the attacker in stays. The evidence lists every rule.',
    'Where a rule was changed in place, what it was before the change is only in CloudTrail: the release gives back the rule as it was when it was contained.',
    'Outbound rules are not touched.',
  ],
} satisfies RunbookFacts;
