import type { Permission, RunbookFacts } from '../../lib/model/runbook-facts';

const EC2 = 'arn:{partition}:ec2:{region}:{account}';
const ROLES = 'arn:{partition}:iam::{account}:role/*';
const PROFILES = 'arn:{partition}:iam::{account}:instance-profile/*';
const GROUPS = 'arn:{partition}:autoscaling:{region}:{account}:autoScalingGroup:*:autoScalingGroupName/*';
const TARGET_GROUPS = 'arn:{partition}:elasticloadbalancing:{region}:{account}:targetgroup/*';
const CLASSIC = 'arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/*';
const ISOLATION_TAG = { 'aws:ResourceTag/firebreak:isolation': 'true' };

const reads: readonly Permission[] = [
  {
    actions: [
      'ec2:DescribeInstances',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeVolumes',
      'ec2:DescribeSecurityGroups',
      'ec2:DescribeSecurityGroupRules',
      'ec2:DescribeIamInstanceProfileAssociations',
      'ec2:DescribeSnapshots',
      'autoscaling:DescribeAutoScalingInstances',
      'autoscaling:DescribeAutoScalingGroups',
      'elasticloadbalancing:DescribeTargetGroups',
      'elasticloadbalancing:DescribeTargetHealth',
      'elasticloadbalancing:DescribeLoadBalancers',
      'elasticloadbalancing:DescribeInstanceHealth',
    ],
    resources: ['*'],
    why: 'Describe calls of EC2, Auto Scaling and load balancing know no resource',
  },
  { actions: ['ec2:DescribeInstanceAttribute'], resources: [`${EC2}:instance/*`] },
  { actions: ['iam:GetInstanceProfile'], resources: [PROFILES] },
  { actions: ['iam:GetRole', 'iam:GetRolePolicy'], resources: [ROLES] },
];

export const facts: RunbookFacts = {
  id: 'isolate-instance',
  title: 'Isolate an instance',
  summary:
    'Cuts an EC2 instance off without destroying it: evidence and snapshots first, then out of its Auto Scaling group and load balancers, every network interface onto an empty security group, and its role denied and taken away.',
  target: 'instance',
  attack: ['T1078.004', 'T1496', 'T1552.005', 'T1071', 'T1610'],
  evidence: 'before',
  actions: [
    {
      id: 'tag-instance',
      title: 'Tag the instance',
      release: 'restores',
      touches: ['tags firebreak:incident and firebreak:containment; for people, never trusted'],
    },
    {
      id: 'protect-from-termination',
      title: 'Protect the instance from termination',
      release: 'restores',
      touches: ['termination protection', 'shutdown behaviour', 'DeleteOnTermination of each volume'],
    },
    {
      id: 'leave-auto-scaling',
      title: 'Take the instance out of its Auto Scaling group',
      release: 'restores',
      touches: ['lifecycle state Standby; the group starts a replacement'],
    },
    {
      id: 'leave-load-balancers',
      title: 'Deregister the instance from its load balancers',
      release: 'restores',
      touches: ['targets of Application, Network and Gateway Load Balancers', 'instances of Classic Load Balancers'],
    },
    {
      id: 'isolate-network',
      title: 'Move every network interface to the isolation group',
      release: 'restores',
      touches: ['security groups of each network interface'],
    },
    {
      id: 'deny-role-sessions',
      title: 'Deny what the instance does with its role',
      release: 'restores',
      touches: ['inline policy FirebreakQuarantine-<instance id> of the role, for requests from this instance only'],
    },
    {
      id: 'remove-instance-profile',
      title: 'Take the role away from the instance',
      release: 'restores',
      touches: ['instance profile association', 'instance metadata endpoint'],
    },
  ],
  permissions: {
    guardRails: [
      { actions: ['ec2:DescribeInstances'], resources: ['*'], why: 'DescribeInstances knows no resource' },
      { actions: ['iam:GetInstanceProfile'], resources: [PROFILES] },
    ],
    read: reads,
    evidence: [
      { actions: ['ec2:GetConsoleOutput', 'ec2:GetConsoleScreenshot'], resources: [`${EC2}:instance/*`] },
      { actions: ['iam:ListRolePolicies', 'iam:ListAttachedRolePolicies'], resources: [ROLES] },
      {
        actions: ['ec2:CreateSnapshots'],
        // Snapshots have no account in their ARN.
        resources: [`${EC2}:instance/*`, `${EC2}:volume/*`, 'arn:{partition}:ec2:{region}::snapshot/*'],
      },
      {
        actions: ['ec2:CreateTags'],
        resources: ['arn:{partition}:ec2:{region}::snapshot/*'],
        conditions: { StringEquals: { 'ec2:CreateAction': 'CreateSnapshots' } },
      },
      {
        actions: ['ec2:LockSnapshot'],
        resources: ['arn:{partition}:ec2:{region}::snapshot/*'],
        // Its own alone: nobody else's snapshot is made undeletable.
        conditions: { StringLike: { 'aws:ResourceTag/firebreak:containment': 'con-*' } },
        given: 'snapshotLock',
      },
      {
        actions: ['ec2:DescribeLockedSnapshots'],
        resources: ['*'],
        why: 'DescribeLockedSnapshots knows no resource',
        given: 'snapshotLock',
      },
    ],
    contain: [
      {
        actions: ['ec2:CreateTags'],
        resources: [`${EC2}:instance/*`],
        conditions: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['firebreak:incident', 'firebreak:containment'] } },
      },
      {
        actions: ['ec2:ModifyInstanceAttribute'],
        resources: [`${EC2}:instance/*`, `${EC2}:volume/*`],
      },
      {
        actions: ['ec2:ModifyInstanceMetadataOptions', 'ec2:DisassociateIamInstanceProfile'],
        resources: [`${EC2}:instance/*`],
      },
      { actions: ['autoscaling:EnterStandby'], resources: [GROUPS] },
      { actions: ['elasticloadbalancing:DeregisterTargets'], resources: [TARGET_GROUPS] },
      { actions: ['elasticloadbalancing:DeregisterInstancesFromLoadBalancer'], resources: [CLASSIC] },
      {
        actions: ['ec2:ModifyNetworkInterfaceAttribute'],
        resources: [`${EC2}:network-interface/*`, `${EC2}:instance/*`],
      },
      {
        actions: [
          'ec2:ModifyNetworkInterfaceAttribute',
          'ec2:RevokeSecurityGroupIngress',
          'ec2:RevokeSecurityGroupEgress',
        ],
        resources: [`${EC2}:security-group/*`],
        conditions: { StringEquals: ISOLATION_TAG },
      },
      { actions: ['ec2:CreateSecurityGroup'], resources: [`${EC2}:vpc/*`] },
      {
        actions: ['ec2:CreateSecurityGroup'],
        resources: [`${EC2}:security-group/*`],
        conditions: { StringEquals: { 'aws:RequestTag/firebreak:isolation': 'true' } },
      },
      {
        actions: ['ec2:CreateTags'],
        resources: [`${EC2}:security-group/*`],
        conditions: { StringEquals: { 'ec2:CreateAction': 'CreateSecurityGroup' } },
      },
      {
        actions: ['iam:PutRolePolicy'],
        resources: [ROLES],
        why: 'which role the instance has is known only when it happens',
      },
    ],
    release: [
      {
        actions: ['ec2:CreateTags', 'ec2:DeleteTags'],
        resources: [`${EC2}:instance/*`],
        conditions: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['firebreak:incident', 'firebreak:containment'] } },
      },
      {
        actions: ['ec2:ModifyInstanceAttribute'],
        resources: [`${EC2}:instance/*`, `${EC2}:volume/*`],
      },
      {
        actions: ['ec2:ModifyInstanceMetadataOptions', 'ec2:AssociateIamInstanceProfile'],
        resources: [`${EC2}:instance/*`],
      },
      {
        actions: ['iam:PassRole'],
        resources: [ROLES],
        conditions: { StringEquals: { 'iam:PassedToService': ['ec2.amazonaws.com', 'ec2.amazonaws.com.cn'] } },
        why: 'the role that is given back is the one that the instance had',
      },
      {
        actions: [
          'autoscaling:ExitStandby',
          'autoscaling:UpdateAutoScalingGroup',
          'autoscaling:TerminateInstanceInAutoScalingGroup',
        ],
        resources: [GROUPS],
      },
      { actions: ['elasticloadbalancing:RegisterTargets'], resources: [TARGET_GROUPS] },
      { actions: ['elasticloadbalancing:RegisterInstancesWithLoadBalancer'], resources: [CLASSIC] },
      {
        actions: ['ec2:ModifyNetworkInterfaceAttribute'],
        resources: [`${EC2}:network-interface/*`, `${EC2}:instance/*`, `${EC2}:security-group/*`],
      },
      { actions: ['iam:PutRolePolicy', 'iam:DeleteRolePolicy'], resources: [ROLES] },
    ],
  },
  limits: [
    'Connections that are already tracked live on after the security groups change: an idle TCP connection up to 5 days by default (350 s on Nitro v6). A network ACL on the subnet cuts at once, and cuts its neighbours too.',
    'Amazon DNS, the metadata service, DHCP and the time service are not filtered by security groups: DNS tunnelling needs Resolver DNS Firewall. The metadata service is switched off.',
    'Memory is not captured. AWS gives no screenshot of some kinds of instances (bare metal, Arm): people are told that it is missing.',
    'A load balancer that drains lets requests end that it had passed on before: up to an hour, unless the network is cut, which is done next.',
    'On container hosts every container is cut off with the host; snapshots are crash-consistent.',
    'Spot instances have no termination protection and can be reclaimed at any time.',
  ],
};
