import {
  GetBucketAclCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetBucketReplicationCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  GetPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { ActionContext, EvidenceSource } from '../../../lambdas/contain/runbook-host/action';
import { jsonEvidence, trailEvidence } from '../../../lambdas/contain/runbook-host/evidence-sources';
import { bucketName, orAbsent, thisBucket } from './bucket';

type Bucket = ReturnType<typeof thisBucket>;

/** One setting of the bucket; `{ "absent": true }` where it has none. */
function setting(
  name: string,
  call: string,
  read: (s3: S3Client, bucket: Bucket) => Promise<object>,
  absent?: string,
): EvidenceSource {
  return jsonEvidence(name, call, async (context: ActionContext) => {
    const found = await orAbsent(
      read(context.aws.of(S3Client), thisBucket(context)),
      ...(absent === undefined ? [] : [absent]),
    );
    return found === null ? { absent: true } : { ...found, $metadata: undefined };
  });
}

/** What containing changes is in the undo records as it was; here is how everything stands while it is contained. */
export const evidence: readonly EvidenceSource[] = [
  setting('policy', 's3:GetBucketPolicy', (s3, b) => s3.send(new GetBucketPolicyCommand(b)), 'NoSuchBucketPolicy'),
  setting(
    'policy-status',
    's3:GetBucketPolicyStatus',
    (s3, b) => s3.send(new GetBucketPolicyStatusCommand(b)),
    'NoSuchBucketPolicy',
  ),
  setting('access-control-list', 's3:GetBucketAcl', (s3, b) => s3.send(new GetBucketAclCommand(b))),
  setting(
    'public-access-block',
    's3:GetPublicAccessBlock',
    (s3, b) => s3.send(new GetPublicAccessBlockCommand(b)),
    'NoSuchPublicAccessBlockConfiguration',
  ),
  setting(
    'ownership',
    's3:GetBucketOwnershipControls',
    (s3, b) => s3.send(new GetBucketOwnershipControlsCommand(b)),
    'OwnershipControlsNotFoundError',
  ),
  setting(
    'replication',
    's3:GetBucketReplication',
    (s3, b) => s3.send(new GetBucketReplicationCommand(b)),
    'ReplicationConfigurationNotFoundError',
  ),
  setting(
    'lifecycle',
    's3:GetBucketLifecycleConfiguration',
    (s3, b) => s3.send(new GetBucketLifecycleConfigurationCommand(b)),
    'NoSuchLifecycleConfiguration',
  ),
  setting('versioning', 's3:GetBucketVersioning', (s3, b) => s3.send(new GetBucketVersioningCommand(b))),
  setting(
    'encryption',
    's3:GetBucketEncryption',
    (s3, b) => s3.send(new GetBucketEncryptionCommand(b)),
    'ServerSideEncryptionConfigurationNotFoundError',
  ),
  setting(
    'website',
    's3:GetBucketWebsite',
    (s3, b) => s3.send(new GetBucketWebsiteCommand(b)),
    'NoSuchWebsiteConfiguration',
  ),
  setting('notifications', 's3:GetBucketNotificationConfiguration', (s3, b) =>
    s3.send(new GetBucketNotificationConfigurationCommand(b)),
  ),
  setting('logging', 's3:GetBucketLogging', (s3, b) => s3.send(new GetBucketLoggingCommand(b))),
  trailEvidence('cloudtrail-by-bucket', 'ResourceName', bucketName),
];
