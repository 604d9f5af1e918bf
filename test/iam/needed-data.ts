import { ACCOUNT, REGION } from '../stack/sample-stack';
import type { Call, Context } from './roles';

const FUNCTION = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:worker`;
const MAPPING = `arn:aws:lambda:${REGION}:${ACCOUNT}:event-source-mapping:11111111-2222-3333-4444-555555555555`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/service-role/worker`;
const BUCKET = 'arn:aws:s3:::data';
const OWN: Context = { 's3:ResourceAccount': ACCOUNT };
const PASS: Call = [
  'iam:PassRole',
  `arn:aws:iam::${ACCOUNT}:role/replicator`,
  { 'iam:PassedToService': 's3.amazonaws.com' },
];
const SNAPSHOT = `arn:aws:ec2:${REGION}::snapshot/snap-0123456789abcdef0`;
const IMAGE = `arn:aws:ec2:${REGION}::image/ami-0123456789abcdef0`;
const DATABASE = `arn:aws:rds:${REGION}:${ACCOUNT}:snapshot:nightly`;
const CLUSTER = `arn:aws:rds:${REGION}:${ACCOUNT}:cluster-snapshot:nightly`;

const on = (resource: string, context: Context, service: string, ...names: string[]): Call[] =>
  names.map((name) => [`${service}:${name}`, resource, context]);
const bucket = (...names: string[]) => on(BUCKET, OWN, 's3', ...names);
const fn = (...names: string[]) => on(FUNCTION, {}, 'lambda', ...names);

const readBucket: Call[] = [
  ...bucket(
    'GetBucketPolicy',
    'GetBucketPublicAccessBlock',
    'GetReplicationConfiguration',
    'GetLifecycleConfiguration',
  ),
  ['s3:ListAllMyBuckets', '*'],
];
const changeBucket: Call[] = [
  ...bucket(
    'PutBucketPolicy',
    'PutBucketPublicAccessBlock',
    'PutReplicationConfiguration',
    'PutLifecycleConfiguration',
  ),
  PASS,
];
const readFunction: Call[] = [
  ...fn('GetFunctionConfiguration', 'GetFunctionConcurrency', 'GetPolicy', 'ListAliases', 'ListFunctionUrlConfigs'),
  ...fn('ListProvisionedConcurrencyConfigs', 'ListVersionsByFunction'),
  ['lambda:ListEventSourceMappings', '*'],
  ...on(ROLE, {}, 'iam', 'GetRole', 'GetRolePolicy'),
];
const mapping: Call = ['lambda:UpdateEventSourceMapping', MAPPING, { 'lambda:FunctionArn': FUNCTION }];
const url = (auth: string): Call => [
  'lambda:UpdateFunctionUrlConfig',
  FUNCTION,
  { 'lambda:FunctionUrlAuthType': auth },
];
const describeShared: Call[] = [
  ...on('*', {}, 'ec2', 'DescribeSnapshots', 'DescribeImages'),
  ['rds:DescribeDBSnapshots', DATABASE],
  ['rds:DescribeDBClusterSnapshots', CLUSTER],
];
const readShared: Call[] = [
  ...describeShared,
  ['ec2:DescribeSnapshotAttribute', SNAPSHOT],
  ['ec2:DescribeImageAttribute', IMAGE],
  ['rds:DescribeDBSnapshotAttributes', DATABASE],
  ['rds:DescribeDBClusterSnapshotAttributes', CLUSTER],
];
const changeShared: Call[] = [
  ['ec2:ModifySnapshotAttribute', SNAPSHOT],
  ['ec2:ModifyImageAttribute', IMAGE],
  ['rds:ModifyDBSnapshotAttribute', DATABASE],
  ['rds:ModifyDBClusterSnapshotAttribute', CLUSTER],
];
const trail: Call = ['cloudtrail:LookupEvents', '*'];

/** What the runbooks for buckets, functions and snapshots ask AWS for, by role of a stack with every runbook. */
export const DATA_CALLS: Readonly<Record<string, readonly Call[]>> = {
  FirebreakContainmentGuardRailsRole: [
    ...bucket('ListBucket'),
    ['cloudtrail:DescribeTrails', '*'],
    ['config:DescribeDeliveryChannels', '*'],
    ...fn('GetFunctionConfiguration'),
    ...describeShared,
  ],
  lockbucketEvidenceRole: [
    ...readBucket,
    ...bucket('GetBucketPolicyStatus', 'GetBucketAcl', 'GetBucketOwnershipControls', 'GetBucketVersioning'),
    ...bucket('GetEncryptionConfiguration', 'GetBucketWebsite', 'GetBucketNotification', 'GetBucketLogging'),
    trail,
  ],
  lockbucketContainRole: readBucket,
  lockbucketContainRun: changeBucket,
  lockbucketReleaseRole: readBucket,
  lockbucketReleaseRun: [...changeBucket, ...bucket('DeleteBucketPolicy')],
  quarantinefunctionEvidenceRole: [...readFunction, ...fn('GetFunction', 'ListFunctionEventInvokeConfigs'), trail],
  quarantinefunctionContainRole: readFunction,
  quarantinefunctionContainRun: [
    ...fn('PutFunctionConcurrency', 'RemovePermission'),
    url('AWS_IAM'),
    mapping,
    ['iam:PutRolePolicy', ROLE],
  ],
  quarantinefunctionReleaseRole: readFunction,
  quarantinefunctionReleaseRun: [
    ...fn('PutFunctionConcurrency', 'DeleteFunctionConcurrency', 'AddPermission'),
    url('NONE'),
    mapping,
    ...on(ROLE, {}, 'iam', 'PutRolePolicy', 'DeleteRolePolicy'),
  ],
  unsharesnapshotEvidenceRole: [
    ...readShared,
    ...on('*', {}, 'ec2', 'GetSnapshotBlockPublicAccessState', 'GetImageBlockPublicAccessState'),
    trail,
  ],
  unsharesnapshotContainRole: readShared,
  unsharesnapshotContainRun: changeShared,
  unsharesnapshotReleaseRole: readShared,
  unsharesnapshotReleaseRun: changeShared,
};

/** The simulator cannot tell an alias from a version by its ARN, and takes neither: that the role names them is all that is held. */
export const NOT_SIMULATED: Readonly<Record<string, string>> = {
  quarantinefunctionContainRun: 'lambda:DeleteProvisionedConcurrencyConfig',
  quarantinefunctionReleaseRun: 'lambda:PutProvisionedConcurrencyConfig',
};

/** What none of them may do: other accounts' buckets, opening what was closed, and what is protected. */
export const DATA_DENIED: Readonly<Record<string, readonly Call[]>> = {
  lockbucketContainRun: [
    ['s3:PutBucketPolicy', BUCKET, { 's3:ResourceAccount': '999988887777' }],
    ['s3:DeleteBucketPolicy', BUCKET, OWN],
    ['iam:PassRole', `arn:aws:iam::${ACCOUNT}:role/replicator`, { 'iam:PassedToService': 'ec2.amazonaws.com' }],
  ],
  lockbucketContainRole: changeBucket,
  quarantinefunctionContainRun: [
    url('NONE'),
    ...fn('AddPermission', 'UpdateFunctionCode', 'InvokeFunction', 'DeleteFunction'),
    ['iam:PutRolePolicy', `arn:aws:iam::${ACCOUNT}:role/cdk-hnb659fds-deploy-role-${ACCOUNT}-${REGION}`],
  ],
  quarantinefunctionContainRole: fn('PutFunctionConcurrency'),
  unsharesnapshotContainRun: [
    ['ec2:DeleteSnapshot', SNAPSHOT],
    ['ec2:CopySnapshot', SNAPSHOT],
  ],
  unsharesnapshotEvidenceRole: changeShared,
};
