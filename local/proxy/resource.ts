/** A name or id is short; the rest of a longer value would only fill the record. */
const MAX_LENGTH = 200;
const MAX_ENTRIES = 12;

/** Parameters that name something. Never the ones that carry content: secrets must not get into the record. */
const NAMES = new RegExp(
  '^(' +
    [
      '(User|Role|Group|Policy|Table|Function|Alarm|Stack|Parameter|Target|EventBus|InstanceProfile|Queue|Alias|Trail|Filter)Name',
      '(AutoScalingGroup|logGroup|logStream|filter|state_?Machine|LoadBalancer|Topic|Rule)Names?',
      '[A-Za-z.]+(Arn|ARN)s?(\\.member\\.\\d+)?',
      '(Instance|Group|SecurityGroup|NetworkInterface|Volume|Snapshot|Subnet|Vpc|AccessKey|Key|Secret|Detector|IpSet|Destination)Id(\\.\\d+)?',
      'ImageId|UUID|StatementId|Qualifier|DB(Cluster)?SnapshotIdentifier',
      'InstanceIds?(\\.member)?\\.\\d+',
      'SerialNumber|CertificateId|SSHPublicKeyId|ServiceSpecificCredentialId|PermissionsBoundary',
      'Name|name|Bucket|Key|QueueUrl|TopicArn|Status|Rule|Path',
      '(ResourceId|Resource|ResourceARN)(\\.\\d+)?',
      '(TagSpecification\\.\\d+\\.)?Tag\\.\\d+\\.Key',
    ].join('|') +
    ')$',
);

/** Names and ids out of an operation's parameters. */
export function resourceOf(params: Readonly<Record<string, unknown>>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(params)) {
    if (Object.keys(found).length === MAX_ENTRIES) break;
    if (!NAMES.test(name)) continue;
    const shown = typeof value === 'string' ? value : name === 'Key' ? JSON.stringify(value) : undefined;
    if (shown !== undefined) found[name] = shown.slice(0, MAX_LENGTH);
  }
  // One level down, where batch calls of DynamoDB name their tables.
  for (const item of Array.isArray(params.TransactItems) ? params.TransactItems.slice(0, 4) : []) {
    const [verb, detail] = Object.entries(item as Record<string, { TableName?: string }>)[0] ?? [];
    if (verb !== undefined && detail?.TableName !== undefined) found[`${verb}.TableName`] = detail.TableName;
  }
  return found;
}
