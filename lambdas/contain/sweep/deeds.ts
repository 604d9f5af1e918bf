import type { DeedDone } from '../../../lib/model/sweep';
import { bare, bucket, iam, lambdaFunction, regional, shared, type ToArn } from '../../detect/detector/entities/to-arn';

/** The runbook for each kind of thing that an actor may have left behind. */
export const RUNBOOK_OF = {
  user: 'disable-access-key',
  role: 'revoke-role-sessions',
  function: 'quarantine-function',
  instance: 'isolate-instance',
  snapshot: 'unshare-snapshot',
  'security-group': 'close-security-group',
} as const;
export type Containable = keyof typeof RUNBOOK_OF;

/** Where in a record a thing stands, and how its ARN is made. */
export interface Place {
  readonly path: string;
  readonly arn: ToArn;
}

/** What one call of AWS does to which thing. */
export interface Deed {
  /** `service:EventName`, as CloudTrail writes the name. */
  readonly call: string;
  readonly kind: string;
  readonly did: DeedDone;
  /** The first of these that is there names the thing. */
  readonly places: readonly Place[];
  /** What is contained for it, where the plan says so. Left out: people look at it. */
  readonly contains?: { readonly kind: Containable; readonly places: readonly Place[] };
  /** It counts only where something stands here. */
  readonly only?: string;
  /** True where it gives somebody a way back in. */
  readonly wayBack?: boolean;
}

const asks = (path: string, arn: ToArn = bare): Place => ({ path: `requestParameters.${path}`, arn });
const gets = (path: string, arn: ToArn = bare): Place => ({ path: `responseElements.${path}`, arn });

const USER = asks('userName', iam('user'));
const ROLE = asks('roleName', iam('role'));
const INSTANCE = regional('ec2', 'instance/');
const GROUP = regional('ec2', 'security-group/');
const RDS_SNAPSHOT = asks('dBSnapshotIdentifier', regional('rds', 'snapshot:'));
const RDS_CLUSTER_SNAPSHOT = asks('dBClusterSnapshotIdentifier', regional('rds', 'cluster-snapshot:'));
const FUNCTION = asks('functionName', lambdaFunction);

type More = Partial<Pick<Deed, 'only' | 'wayBack'>>;
const deed = (call: string, kind: string, did: DeedDone, places: Place | readonly Place[], more: More = {}): Deed => ({
  call,
  kind,
  did,
  places: 'path' in places ? [places] : places,
  ...more,
});
/** The thing itself can be contained. */
const held = (call: string, kind: Containable, did: DeedDone, places: Place | readonly Place[], more: More = {}) => {
  const listed = deed(call, kind, did, places, more);
  return { ...listed, contains: { kind, places: listed.places } };
};
/** A credential: who has it can be contained. */
const credential = (call: string, kind: string, did: DeedDone, id: Place, owners: readonly Place[]): Deed => ({
  ...deed(call, kind, did, [id], { wayBack: true }),
  contains: { kind: 'user', places: owners },
});
const WAY_BACK = { wayBack: true } as const;

/**
 * Which calls make or change what: one line a call. A call that succeeded and stands here is listed; whatever else the
 * actor called that was no reading is counted by its name. To contain somebody who was there before and whom the actor
 * only gave more rights (`AttachUserPolicy`) would let an attacker choose whom we lock out: that is listed, for people.
 */
export const DEEDS: readonly Deed[] = [
  held('iam:CreateUser', 'user', 'created', [gets('user.arn'), USER], WAY_BACK),
  credential('iam:CreateAccessKey', 'access-key', 'created', gets('accessKey.accessKeyId'), [
    gets('accessKey.userName', iam('user')),
    USER,
  ]),
  credential('iam:CreateLoginProfile', 'password', 'created', USER, [USER]),
  credential('iam:UpdateLoginProfile', 'password', 'changed', USER, [USER]),
  credential(
    'iam:CreateServiceSpecificCredential',
    'service-credential',
    'created',
    gets('serviceSpecificCredential.serviceSpecificCredentialId'),
    [gets('serviceSpecificCredential.userName', iam('user')), USER],
  ),
  credential('iam:UploadSSHPublicKey', 'ssh-key', 'created', gets('sSHPublicKey.sSHPublicKeyId'), [
    gets('sSHPublicKey.userName', iam('user')),
  ]),
  credential('iam:UploadSigningCertificate', 'certificate', 'created', gets('certificate.certificateId'), [
    gets('certificate.userName', iam('user')),
  ]),
  deed('iam:UpdateAccessKey', 'access-key', 'changed', asks('accessKeyId'), WAY_BACK),
  deed('iam:DeactivateMFADevice', 'user', 'changed', USER, WAY_BACK),
  deed('iam:EnableMFADevice', 'user', 'changed', USER, WAY_BACK),
  deed('iam:CreateVirtualMFADevice', 'mfa-device', 'created', gets('virtualMFADevice.serialNumber')),
  deed('iam:PutUserPolicy', 'user', 'changed', USER, WAY_BACK),
  deed('iam:AttachUserPolicy', 'user', 'changed', USER, WAY_BACK),
  deed('iam:AddUserToGroup', 'user', 'changed', USER, WAY_BACK),
  deed('iam:PutUserPermissionsBoundary', 'user', 'changed', USER),
  deed('iam:DeleteUserPermissionsBoundary', 'user', 'changed', USER, WAY_BACK),
  deed('iam:DeleteUserPolicy', 'user', 'changed', USER),
  deed('iam:DetachUserPolicy', 'user', 'changed', USER),
  deed('iam:CreateGroup', 'group', 'created', [gets('group.arn'), asks('groupName')]),
  deed('iam:PutGroupPolicy', 'group', 'changed', asks('groupName'), WAY_BACK),
  deed('iam:AttachGroupPolicy', 'group', 'changed', asks('groupName'), WAY_BACK),

  held('iam:CreateRole', 'role', 'created', [gets('role.arn'), ROLE], WAY_BACK),
  held('iam:UpdateAssumeRolePolicy', 'role', 'changed', ROLE, WAY_BACK),
  held('iam:PutRolePolicy', 'role', 'changed', ROLE, WAY_BACK),
  held('iam:AttachRolePolicy', 'role', 'changed', ROLE, WAY_BACK),
  held('iam:DeleteRolePermissionsBoundary', 'role', 'changed', ROLE, WAY_BACK),
  deed('iam:PutRolePermissionsBoundary', 'role', 'changed', ROLE),
  deed('iam:UpdateRole', 'role', 'changed', ROLE),
  deed('iam:DeleteRolePolicy', 'role', 'changed', ROLE),
  deed('iam:DetachRolePolicy', 'role', 'changed', ROLE),
  deed('iam:CreateServiceLinkedRole', 'role', 'created', gets('role.arn')),
  deed('iam:CreateInstanceProfile', 'instance-profile', 'created', [gets('instanceProfile.arn')]),
  deed('iam:AddRoleToInstanceProfile', 'instance-profile', 'changed', asks('instanceProfileName')),
  deed('iam:CreatePolicy', 'policy', 'created', gets('policy.arn')),
  deed('iam:CreatePolicyVersion', 'policy', 'changed', asks('policyArn'), WAY_BACK),
  deed('iam:SetDefaultPolicyVersion', 'policy', 'changed', asks('policyArn'), WAY_BACK),
  deed('iam:CreateOpenIDConnectProvider', 'identity-provider', 'created', gets('openIDConnectProviderArn'), WAY_BACK),
  deed('iam:CreateSAMLProvider', 'identity-provider', 'created', gets('sAMLProviderArn'), WAY_BACK),
  deed('iam:UpdateSAMLProvider', 'identity-provider', 'changed', asks('sAMLProviderArn'), WAY_BACK),
  deed(
    'iam:UpdateOpenIDConnectProviderThumbprint',
    'identity-provider',
    'changed',
    asks('openIDConnectProviderArn'),
    WAY_BACK,
  ),
  deed('rolesanywhere:CreateTrustAnchor', 'trust-anchor', 'created', asks('name'), WAY_BACK),
  deed('rolesanywhere:CreateProfile', 'trust-anchor', 'created', asks('name'), WAY_BACK),

  held('lambda:CreateFunction20150331', 'function', 'created', [gets('functionArn', lambdaFunction), FUNCTION]),
  held('lambda:UpdateFunctionCode20150331v2', 'function', 'changed', FUNCTION),
  held('lambda:UpdateFunctionConfiguration20150331v2', 'function', 'changed', FUNCTION),
  held('lambda:AddPermission20150331v2', 'function', 'opened', FUNCTION, WAY_BACK),
  held('lambda:CreateFunctionUrlConfig', 'function', 'opened', FUNCTION, WAY_BACK),
  held('lambda:UpdateFunctionUrlConfig', 'function', 'opened', FUNCTION, WAY_BACK),
  held('lambda:CreateEventSourceMapping20150331', 'function', 'changed', FUNCTION),
  deed('lambda:PublishLayerVersion20181031', 'layer', 'created', gets('layerVersionArn')),

  held('ec2:RunInstances', 'instance', 'created', gets('instancesSet.items.instanceId', INSTANCE)),
  deed('ec2:ModifyInstanceAttribute', 'instance', 'changed', asks('instanceId', INSTANCE)),
  deed('ec2:AssociateIamInstanceProfile', 'instance', 'changed', [
    asks('AssociateIamInstanceProfileRequest.InstanceId', INSTANCE),
    gets('AssociateIamInstanceProfileResponse.iamInstanceProfileAssociation.instanceId', INSTANCE),
  ]),
  deed('ssm:SendCommand', 'instance', 'ran code on', asks('instanceIds', INSTANCE)),
  deed('ssm:StartSession', 'instance', 'ran code on', asks('target', INSTANCE)),
  deed('ssm:CreateAssociation', 'association', 'created', asks('name')),
  deed('ec2-instance-connect:SendSSHPublicKey', 'instance', 'ran code on', asks('instanceId', INSTANCE), WAY_BACK),
  deed('ec2:CreateKeyPair', 'key-pair', 'created', asks('keyName')),
  deed('ec2:ImportKeyPair', 'key-pair', 'created', asks('keyName'), WAY_BACK),
  deed('ec2:CreateLaunchTemplate', 'launch-template', 'created', [
    asks('CreateLaunchTemplateRequest.LaunchTemplateName'),
  ]),
  deed('ec2:CreateSecurityGroup', 'security-group', 'created', gets('groupId', GROUP)),
  held(
    'ec2:AuthorizeSecurityGroupIngress',
    'security-group',
    'opened',
    [asks('groupId', GROUP), gets('securityGroupRuleSet.items.groupId', GROUP)],
    WAY_BACK,
  ),
  held(
    'ec2:ModifySecurityGroupRules',
    'security-group',
    'opened',
    asks('ModifySecurityGroupRulesRequest.GroupId', GROUP),
  ),
  deed('ec2:AuthorizeSecurityGroupEgress', 'security-group', 'opened', asks('groupId', GROUP)),

  deed('ec2:CreateSnapshot', 'snapshot', 'created', gets('snapshotId', shared('snapshot/'))),
  deed('ec2:CopySnapshot', 'snapshot', 'created', gets('snapshotId', shared('snapshot/'))),
  deed('ec2:CreateImage', 'image', 'created', gets('imageId', shared('image/'))),
  held('ec2:ModifySnapshotAttribute', 'snapshot', 'shared', asks('snapshotId', shared('snapshot/')), {
    only: 'requestParameters.createVolumePermission.add',
  }),
  held('ec2:ModifyImageAttribute', 'snapshot', 'shared', asks('imageId', shared('image/')), {
    only: 'requestParameters.launchPermission.add',
  }),
  held('rds:ModifyDBSnapshotAttribute', 'snapshot', 'shared', RDS_SNAPSHOT, { only: 'requestParameters.valuesToAdd' }),
  held('rds:ModifyDBClusterSnapshotAttribute', 'snapshot', 'shared', RDS_CLUSTER_SNAPSHOT, {
    only: 'requestParameters.valuesToAdd',
  }),
  deed('rds:CreateDBSnapshot', 'snapshot', 'created', RDS_SNAPSHOT),
  deed('rds:CreateDBClusterSnapshot', 'snapshot', 'created', RDS_CLUSTER_SNAPSHOT),
  deed('rds:RestoreDBInstanceFromDBSnapshot', 'database', 'created', asks('dBInstanceIdentifier')),
  deed('rds:ModifyDBInstance', 'database', 'changed', asks('dBInstanceIdentifier')),

  deed('s3:CreateBucket', 'bucket', 'created', asks('bucketName', bucket)),
  deed('s3:PutBucketPolicy', 'bucket', 'changed', asks('bucketName', bucket)),
  deed('s3:PutBucketAcl', 'bucket', 'changed', asks('bucketName', bucket)),
  deed('s3:PutBucketPublicAccessBlock', 'bucket', 'changed', asks('bucketName', bucket)),
  deed('s3:DeleteBucketPublicAccessBlock', 'bucket', 'opened', asks('bucketName', bucket)),
  deed('s3:PutBucketReplication', 'bucket', 'changed', asks('bucketName', bucket)),
  deed('s3:PutBucketLifecycle', 'bucket', 'changed', asks('bucketName', bucket)),
  deed('kms:CreateKey', 'key', 'created', gets('keyMetadata.arn')),
  deed('kms:PutKeyPolicy', 'key', 'changed', asks('keyId')),
  deed('kms:CreateGrant', 'key', 'changed', asks('keyId')),
  deed('kms:DisableKey', 'key', 'switched off', asks('keyId')),
  deed('kms:ScheduleKeyDeletion', 'key', 'switched off', asks('keyId')),
  deed('secretsmanager:PutResourcePolicy', 'secret', 'opened', asks('secretId')),
  deed('secretsmanager:PutSecretValue', 'secret', 'changed', asks('secretId')),

  deed('cloudformation:CreateStack', 'stack', 'created', [gets('stackId'), asks('stackName')]),
  deed('cloudformation:UpdateStack', 'stack', 'changed', [gets('stackId'), asks('stackName')]),
  deed('events:PutRule', 'schedule', 'changed', [gets('ruleArn'), asks('name')]),
  deed('events:PutTargets', 'schedule', 'changed', asks('rule')),
  deed('scheduler:CreateSchedule', 'schedule', 'created', [gets('scheduleArn'), asks('name')]),
  deed('autoscaling:CreateAutoScalingGroup', 'auto-scaling-group', 'created', asks('autoScalingGroupName')),
  deed('ecs:RegisterTaskDefinition', 'task-definition', 'created', [gets('taskDefinition.taskDefinitionArn')]),
  deed('ecs:RunTask', 'task', 'created', gets('tasks.taskArn')),

  deed('cloudtrail:StopLogging', 'trail', 'switched off', asks('name')),
  deed('cloudtrail:DeleteTrail', 'trail', 'switched off', asks('name')),
  deed('cloudtrail:UpdateTrail', 'trail', 'changed', asks('name')),
  deed('cloudtrail:PutEventSelectors', 'trail', 'changed', asks('trailName')),
  deed('guardduty:DeleteDetector', 'detector', 'switched off', asks('detectorId')),
  deed('guardduty:UpdateDetector', 'detector', 'changed', asks('detectorId')),
  deed('config:StopConfigurationRecorder', 'recorder', 'switched off', asks('configurationRecorderName')),
  deed('config:DeleteConfigurationRecorder', 'recorder', 'switched off', asks('configurationRecorderName')),
];
