import type { Entity, EntityKind, Trust } from '../../../../lib/model/entity';
import type { Event } from '../../../../lib/model/event';
import { textAt } from '../../../../lib/model/json';
import { compilePath } from '../../../../lib/sigma/paths';
import { failed } from './identity';
import { entity, scopeOf, type Scope } from './scope';
import { bare, bucket, iam, lambdaFunction, regional, shared, type ToArn } from './to-arn';

interface Row {
  readonly path: string;
  readonly kind: EntityKind;
  readonly arn: ToArn;
}
const row = (path: string, kind: EntityKind, arn: ToArn): Row => ({ path, kind, arn });

const USER = row('requestParameters.userName', 'user', iam('user'));
const ROLE = row('requestParameters.roleName', 'role', iam('role'));
const INSTANCES = [
  row('requestParameters.instanceId', 'instance', regional('ec2', 'instance/')),
  row('requestParameters.instancesSet.items.instanceId', 'instance', regional('ec2', 'instance/')),
];
const GROUP = row('requestParameters.groupId', 'security-group', regional('ec2', 'security-group/'));
const GROUPS = [
  GROUP,
  row(
    'requestParameters.ModifySecurityGroupRulesRequest.GroupId',
    'security-group',
    regional('ec2', 'security-group/'),
  ),
  // The default group of the default VPC may be named by its name alone.
  row('responseElements.securityGroupRuleSet.items.groupId', 'security-group', regional('ec2', 'security-group/')),
];
const TRAIL = [
  row('requestParameters.name', 'trail', regional('cloudtrail', 'trail/')),
  row('requestParameters.trailName', 'trail', regional('cloudtrail', 'trail/')),
];
const BUCKET = row('requestParameters.bucketName', 'bucket', bucket);
const FUNCTION: Row = { path: 'requestParameters.functionName', kind: 'function', arn: lambdaFunction };
const KEY = row('requestParameters.keyId', 'key', regional('kms', 'key/'));
const DETECTOR = row('requestParameters.detectorId', 'detector', regional('guardduty', 'detector/'));
const RDS_SNAPSHOTS = [
  row('requestParameters.dBSnapshotIdentifier', 'snapshot', regional('rds', 'snapshot:')),
  row('requestParameters.dBClusterSnapshotIdentifier', 'snapshot', regional('rds', 'cluster-snapshot:')),
];

/** What each service's calls are about. Looked at for every call of the service: a path that is not there finds nothing. */
const BY_SERVICE: Readonly<Record<string, readonly Row[]>> = {
  'iam.amazonaws.com': [
    USER,
    ROLE,
    row('requestParameters.accessKeyId', 'access-key', bare),
    row('responseElements.accessKey.accessKeyId', 'access-key', bare),
    row('responseElements.user.arn', 'user', bare),
    row('responseElements.role.arn', 'role', bare),
  ],
  'sts.amazonaws.com': [
    row('requestParameters.roleArn', 'role', bare),
    row('responseElements.assumedRoleUser.arn', 'role-session', bare),
    row('responseElements.federatedUser.arn', 'federated', bare),
  ],
  'ec2.amazonaws.com': [
    ...INSTANCES,
    row('responseElements.instancesSet.items.instanceId', 'instance', regional('ec2', 'instance/')),
    ...GROUPS,
    row('requestParameters.networkInterfaceId', 'network-interface', regional('ec2', 'network-interface/')),
    row('requestParameters.snapshotId', 'snapshot', shared('snapshot/')),
    row('requestParameters.imageId', 'snapshot', shared('image/')),
  ],
  'ec2-instance-connect.amazonaws.com': INSTANCES,
  'ssm.amazonaws.com': [
    row('requestParameters.instanceIds', 'instance', regional('ec2', 'instance/')),
    row('requestParameters.target', 'instance', regional('ec2', 'instance/')),
  ],
  'rds.amazonaws.com': RDS_SNAPSHOTS,
  'cloudtrail.amazonaws.com': TRAIL,
  'guardduty.amazonaws.com': [DETECTOR],
  's3.amazonaws.com': [BUCKET],
  'lambda.amazonaws.com': [FUNCTION],
  'kms.amazonaws.com': [KEY],
};

/** RunInstances names an image that it starts from; that is not what it acts upon. */
const NOT_TARGETS: Readonly<Record<string, readonly string[]>> = { RunInstances: ['requestParameters.imageId'] };

/** Calls after which an account may see less: what they are about is its logging in that Region. */
const BLINDING: Readonly<Record<string, readonly string[]>> = {
  'cloudtrail.amazonaws.com': ['StopLogging', 'DeleteTrail', 'UpdateTrail', 'PutEventSelectors', 'PutInsightSelectors'],
  'config.amazonaws.com': [
    'StopConfigurationRecorder',
    'DeleteConfigurationRecorder',
    'PutConfigurationRecorder',
    'DeleteDeliveryChannel',
    'PutDeliveryChannel',
  ],
  'guardduty.amazonaws.com': [
    'DeleteDetector',
    'UpdateDetector',
    'CreateFilter',
    'UpdateFilter',
    'CreateIPSet',
    'UpdateIPSet',
    'DeletePublishingDestination',
    'UpdatePublishingDestination',
    'DisassociateFromAdministratorAccount',
    'DisassociateFromMasterAccount',
  ],
};

const PREPARED = new Map(
  Object.entries(BY_SERVICE).map(([service, rows]) => [
    service,
    rows.map((one) => ({ ...one, values: compilePath(one.path) })),
  ]),
);

/** What a call was about. Only parameters of calls that succeeded are more than a claim. */
export function targets(event: Event): Entity[] {
  const { record } = event;
  const scope = scopeOf(event);
  const trust = failed(record) ? 'claimed' : 'confirmed';
  return [...named(event, scope, trust), ...logging(event, scope, trust)];
}

/** The account, in the Region of the call: an account as such has none, its logging does. */
function logging({ record }: Event, scope: Scope, trust: Trust): Entity[] {
  const calls = BLINDING[textAt(record, 'eventSource') ?? ''] ?? [];
  if (!calls.includes(textAt(record, 'eventName') ?? '')) return [];
  const account = entity(scope, 'account', scope.account, { role: 'target', trust, path: 'recipientAccountId' });
  return [{ ...account, region: scope.region }];
}

function named({ record }: Event, scope: Scope, trust: Trust): Entity[] {
  const skipped = NOT_TARGETS[textAt(record, 'eventName') ?? ''] ?? [];
  const found = (PREPARED.get(textAt(record, 'eventSource') ?? '') ?? [])
    .filter(({ path }) => !skipped.includes(path))
    .flatMap(({ path, kind, arn, values }) =>
      values(record)
        .filter((id) => typeof id === 'string' && id !== '')
        .filter((id) => kind !== 'instance' || /(?:^|\/)m?i-/.test(id as string))
        .map((id) => id as string)
        .map((id) => entity(scope, kind, arn(scope, id), { role: 'target', trust, path })),
    );
  return found.filter((one) => !isNamedBetter(one, found));
}

/** CreateUser answers with the ARN of what it was asked to make by name: the one with the path is the true one. */
function isNamedBetter({ kind, id }: Entity, all: readonly Entity[]): boolean {
  if (kind !== 'user' && kind !== 'role') return false;
  const [prefix = '', name = ''] = id.split(new RegExp(`(?<=:${kind})/`));
  return all.some((other) => other.id !== id && other.id.startsWith(`${prefix}/`) && other.id.endsWith(`/${name}`));
}
