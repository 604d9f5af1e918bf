/** The step of each technique that does the harm, as Stratus Red Team's documentation tells it. */
export interface Malicious {
  readonly technique: string;
  readonly eventNames: readonly string[];
  /** What our alert is called. */
  readonly title: string;
  /** Kinds of entities that it must name, besides whoever did it. */
  readonly targets: readonly string[];
}

const step = (technique: string, eventNames: string, title: string, targets = ''): Malicious => ({
  technique: `aws.${technique}`,
  eventNames: eventNames.split(' '),
  title,
  targets: targets === '' ? [] : targets.split(' '),
});

export const MALICIOUS: readonly Malicious[] = [
  step(
    'credential-access.ec2-get-password-data',
    'GetPasswordData',
    'Windows password of an instance read',
    'instance',
  ),
  step(
    'credential-access.ec2-steal-instance-credentials',
    'GetCallerIdentity',
    'Credentials of an instance ask who they are',
  ),
  step('credential-access.secretsmanager-retrieve-secrets', 'GetSecretValue', 'Many secrets read'),
  step('defense-evasion.cloudtrail-delete', 'DeleteTrail', 'CloudTrail stopped or deleted', 'trail'),
  step('defense-evasion.cloudtrail-stop', 'StopLogging', 'CloudTrail stopped or deleted', 'trail'),
  step('defense-evasion.vpc-remove-flow-logs', 'DeleteFlowLogs', 'VPC flow logs deleted'),
  step('discovery.ec2-download-user-data', 'DescribeInstanceAttribute', 'User data of many instances read', 'instance'),
  step('execution.ec2-launch-unusual-instances', 'RunInstances', 'Expensive instance launched'),
  step('execution.ec2-user-data', 'ModifyInstanceAttribute', 'User data of an instance changed', 'instance'),
  step('execution.ssm-start-session', 'StartSession', 'Shell session on an instance started', 'instance'),
  step(
    'exfiltration.ec2-security-group-open-port-22-ingress',
    'AuthorizeSecurityGroupIngress',
    'Security group opened to the world',
    'security-group',
  ),
  step(
    'exfiltration.ec2-share-ebs-snapshot',
    'ModifySnapshotAttribute',
    'Snapshot shared with another account',
    'snapshot',
  ),
  step('impact.bedrock-invoke-model', 'InvokeModel', 'Foundation model enabled and used at once'),
  step('initial-access.console-login-without-mfa', 'ConsoleLogin', 'Console login without MFA'),
  step('lateral-movement.ec2-instance-connect', 'SendSSHPublicKey', 'SSH key sent to an instance', 'instance'),
  step('persistence.iam-backdoor-role', 'UpdateAssumeRolePolicy', 'Role opened to an account or principal', 'role'),
  step('persistence.iam-backdoor-user', 'CreateAccessKey', 'Access key created for another user', 'user access-key'),
  step('persistence.iam-create-admin-user', 'AttachUserPolicy', 'Administrator policy attached', 'user'),
  step(
    'persistence.iam-create-user-login-profile',
    'CreateLoginProfile',
    'Console password set for another user',
    'user',
  ),
  step(
    'persistence.lambda-backdoor-function',
    'AddPermission20150331v2',
    'Function may be called by everybody',
    'function',
  ),
  step('persistence.lambda-overwrite-code', 'UpdateFunctionCode20150331v2', 'Code of a function replaced', 'function'),
  step('persistence.sts-federation-token', 'GetFederationToken', 'Federation token taken by a user'),
];
