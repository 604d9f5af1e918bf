import type { Entity, EntityKind } from '../../../../lib/model/entity';
import type { Event } from '../../../../lib/model/event';
import { textAt } from '../../../../lib/model/json';
import { compilePath } from '../../../../lib/sigma/paths';
import { functionArn } from './arn';
import { failed } from './identity';
import { entity, scopeOf, type Scope } from './scope';

type ToArn = (scope: Scope, id: string) => string;
const bare: ToArn = (_, id) => id;
/** Names stay names where AWS has ARNs with a path that the call does not say: the last part is what counts. */
const iam =
  (type: 'user' | 'role'): ToArn =>
  ({ partition, account }, name) =>
    `arn:${partition}:iam::${account}:${type}/${name}`;
const regional =
  (service: string, prefix: string): ToArn =>
  ({ partition, account, region }, id) =>
    `arn:${partition}:${service}:${region}:${account}:${prefix}${id}`;
/** Snapshots and images have no account in their ARN. */
const shared =
  (prefix: string): ToArn =>
  ({ partition, region }, id) =>
    `arn:${partition}:ec2:${region}::${prefix}${id}`;
const bucket: ToArn = ({ partition }, name) => `arn:${partition}:s3:::${name}`;

interface Row {
  readonly path: string;
  readonly kind: EntityKind;
  readonly arn: ToArn;
}
/** Many calls take an ARN where others give an id. */
const row = (path: string, kind: EntityKind, toArn: ToArn): Row => ({
  path,
  kind,
  arn: (scope, id) => (id.startsWith('arn:') ? id : toArn(scope, id)),
});

const USER = row('requestParameters.userName', 'user', iam('user'));
const ROLE = row('requestParameters.roleName', 'role', iam('role'));
const INSTANCES = [
  row('requestParameters.instanceId', 'instance', regional('ec2', 'instance/')),
  row('requestParameters.instancesSet.items.instanceId', 'instance', regional('ec2', 'instance/')),
];
const GROUP = row('requestParameters.groupId', 'security-group', regional('ec2', 'security-group/'));
const TRAIL = [
  row('requestParameters.name', 'trail', regional('cloudtrail', 'trail/')),
  row('requestParameters.trailName', 'trail', regional('cloudtrail', 'trail/')),
];
const BUCKET = row('requestParameters.bucketName', 'bucket', bucket);
const FUNCTION: Row = { path: 'requestParameters.functionName', kind: 'function', arn: functionArn };
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
    GROUP,
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
  const skipped = NOT_TARGETS[textAt(record, 'eventName') ?? ''] ?? [];
  return (PREPARED.get(textAt(record, 'eventSource') ?? '') ?? [])
    .filter(({ path }) => !skipped.includes(path))
    .flatMap(({ path, kind, arn, values }) =>
      values(record)
        .filter((id) => typeof id === 'string' && id !== '')
        .filter((id) => kind !== 'instance' || /(?:^|\/)m?i-/.test(id as string))
        .map((id) => id as string)
        .map((id) => entity(scope, kind, arn(scope, id), { role: 'target', trust, path })),
    );
}
