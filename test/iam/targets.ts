import { ACCOUNT, PROTECTED_NETWORK, REGION } from '../stack/sample-stack';

const EC2 = `arn:aws:ec2:${REGION}:${ACCOUNT}`;
const IAM = `arn:aws:iam::${ACCOUNT}`;

/** What runbooks act on. */
export const TARGETS = {
  user: `${IAM}:user/alice`,
  pathUser: `${IAM}:user/engineering/bob`,
  role: `${IAM}:role/shop`,
  profile: `${IAM}:instance-profile/shop`,
  instance: `${EC2}:instance/i-0fedcba9876543210`,
  volume: `${EC2}:volume/vol-0fedcba9876543210`,
  snapshot: `arn:aws:ec2:${REGION}::snapshot/*`,
  networkInterface: `${EC2}:network-interface/eni-0fedcba9876543210`,
  securityGroup: `${EC2}:security-group/sg-0fedcba9876543210`,
  openGroup: `${EC2}:security-group/sg-0aaaaaaaaaaaaaaaa`,
  rule: `${EC2}:security-group-rule/*`,
  prefixList: `${EC2}:prefix-list/pl-0fedcba9876543210`,
  trail: `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/main`,
  recorder: `arn:aws:config:${REGION}:${ACCOUNT}:configuration-recorder/default/0123456789abcdef`,
  detector: `arn:aws:guardduty:${REGION}:${ACCOUNT}:detector/0123456789abcdef`,
  network: `${EC2}:vpc/vpc-0fedcba9876543210`,
  group: `arn:aws:autoscaling:${REGION}:${ACCOUNT}:autoScalingGroup:11111111-2222-3333-4444-555555555555:autoScalingGroupName/shop`,
  volumeKey: `arn:aws:kms:${REGION}:${ACCOUNT}:key/66666666-7777-8888-9999-000000000000`,
  classic: `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:loadbalancer/shop`,
  targetGroup: `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:targetgroup/shop/0123456789abcdef`,
} as const;

/** What must never be contained. */
export const PROTECTED = {
  users: [`${IAM}:user/break-glass-1`],
  roles: [
    `${IAM}:role/cdk-hnb659fds-deploy-role-${ACCOUNT}-${REGION}`,
    `${IAM}:role/cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-${REGION}`,
    `${IAM}:role/cdk-hnb659fds-file-publishing-role-${ACCOUNT}-${REGION}`,
    `${IAM}:role/cdk-hnb659fds-image-publishing-role-${ACCOUNT}-${REGION}`,
    `${IAM}:role/cdk-hnb659fds-lookup-role-${ACCOUNT}-${REGION}`,
    `${IAM}:role/AWSControlTowerExecution`,
    `${IAM}:role/aws-controltower-AdministratorExecutionRole`,
    `${IAM}:role/service-role/AWSControlTowerAdmin`,
    `${IAM}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_AdministratorAccess_0123456789abcdef`,
    `${IAM}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
    `${IAM}:role/stacksets-exec-0123456789abcdef`,
    `${IAM}:role/AWSCloudFormationStackSetExecutionRole`,
  ],
  instance: `${EC2}:instance/i-0123456789abcdef0`,
  network: { 'ec2:Vpc': `${EC2}:vpc/${PROTECTED_NETWORK}` },
} as const;

/** Writes by which whoever may make them becomes more than he is, or hides what he did. */
export const ESCALATIONS: readonly (readonly [action: string, resource: string])[] = [
  ['iam:CreateAccessKey', TARGETS.user],
  ['iam:CreateLoginProfile', TARGETS.user],
  ['iam:UpdateLoginProfile', TARGETS.user],
  ['iam:CreateUser', TARGETS.user],
  ['iam:AddUserToGroup', `${IAM}:group/admins`],
  ['iam:CreateRole', TARGETS.role],
  ['iam:AttachRolePolicy', TARGETS.role],
  ['iam:UpdateAssumeRolePolicy', TARGETS.role],
  ['iam:CreatePolicy', `${IAM}:policy/mine`],
  ['iam:CreatePolicyVersion', `${IAM}:policy/mine`],
  ['iam:PutGroupPolicy', `${IAM}:group/admins`],
  ['iam:DeleteUser', TARGETS.user],
  ['sts:AssumeRole', TARGETS.role],
  ['s3:PutBucketPolicy', 'arn:aws:s3:::somebody-elses'],
  ['s3:GetObject', 'arn:aws:s3:::somebody-elses/secret.txt'],
  ['secretsmanager:GetSecretValue', `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:database-AbCdEf`],
  ['ssm:GetParameter', `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/other`],
  ['ssm:SendCommand', TARGETS.instance],
  ['lambda:InvokeFunction', `arn:aws:lambda:${REGION}:${ACCOUNT}:function:other`],
  ['lambda:UpdateFunctionCode', `arn:aws:lambda:${REGION}:${ACCOUNT}:function:other`],
  ['dynamodb:Scan', `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/other`],
  ['kms:Decrypt', `arn:aws:kms:${REGION}:${ACCOUNT}:key/99999999-2222-3333-4444-555555555555`],
  ['cloudtrail:StopLogging', `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/main`],
  ['guardduty:DeleteDetector', `arn:aws:guardduty:${REGION}:${ACCOUNT}:detector/0123456789abcdef0123456789abcdef`],
  ['ec2:TerminateInstances', TARGETS.instance],
  ['ec2:StopInstances', TARGETS.instance],
  ['ec2:RunInstances', TARGETS.instance],
  ['ec2:DeleteSnapshot', `arn:aws:ec2:${REGION}::snapshot/snap-0fedcba9876543210`],
  ['ec2:ModifySnapshotAttribute', `arn:aws:ec2:${REGION}::snapshot/snap-0fedcba9876543210`],
  ['ec2:AuthorizeSecurityGroupIngress', TARGETS.securityGroup],
  ['ec2:DeleteSecurityGroup', TARGETS.securityGroup],
  ['autoscaling:DeleteAutoScalingGroup', TARGETS.group],
  ['elasticloadbalancing:DeleteTargetGroup', TARGETS.targetGroup],
  ['logs:DeleteLogGroup', `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:trail`],
  ['sns:Publish', `arn:aws:sns:${REGION}:${ACCOUNT}:other`],
  ['sqs:SendMessage', `arn:aws:sqs:${REGION}:${ACCOUNT}:other`],
  ['events:PutEvents', `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/default`],
];

/** All writes of IAM that change what a role may do, who may use it, or whether it is there. */
export const ROLE_WRITES = [
  'iam:AttachRolePolicy',
  'iam:DeleteRole',
  'iam:DeleteRolePermissionsBoundary',
  'iam:DeleteRolePolicy',
  'iam:DetachRolePolicy',
  'iam:PassRole',
  'iam:PutRolePermissionsBoundary',
  'iam:PutRolePolicy',
  'iam:TagRole',
  'iam:UntagRole',
  'iam:UpdateAssumeRolePolicy',
  'iam:UpdateRole',
  'iam:UpdateRoleDescription',
] as const;
