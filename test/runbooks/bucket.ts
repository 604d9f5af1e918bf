import {
  CreateBucketCommand,
  GetBucketAclCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketReplicationCommand,
  GetPublicAccessBlockCommand,
  PutBucketAclCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketReplicationCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  type LifecycleRule,
  type ReplicationRule,
  type S3Client,
} from '@aws-sdk/client-s3';
import { randomBytes } from 'node:crypto';
import type { BucketCase } from '../../runbooks/lock-bucket/cases';

const SETTINGS = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'];

/** Makes a bucket of a shape; gives its name. */
export async function makeBucket(s3: S3Client, shape: BucketCase): Promise<string> {
  const Bucket = `bucket-${randomBytes(4).toString('hex')}`;
  await s3.send(new CreateBucketCommand({ Bucket }));
  if (shape.acl !== null) {
    const OwnershipControls = { Rules: [{ ObjectOwnership: 'BucketOwnerPreferred' as const }] };
    await s3.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls }));
    await s3.send(new PutBucketAclCommand({ Bucket, ACL: shape.acl }));
  }
  if (shape.policy !== null) {
    const Policy = shape.policy.replaceAll('{bucket}', Bucket);
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  }
  if (shape.block !== null) {
    const on = shape.block;
    const PublicAccessBlockConfiguration = Object.fromEntries(SETTINGS.map((name) => [name, on.includes(name)]));
    await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
  }
  if (shape.replication !== 'none') await replicate(s3, Bucket, shape.replication);
  if (shape.lifecycle !== 'none') await expire(s3, Bucket, shape.lifecycle);
  return Bucket;
}

async function replicate(s3: S3Client, Bucket: string, where: 'within' | 'out' | 'both'): Promise<void> {
  const copy = `${Bucket}-copy`;
  await s3.send(new CreateBucketCommand({ Bucket: copy }));
  const VersioningConfiguration = { Status: 'Enabled' as const };
  for (const name of [Bucket, copy])
    await s3.send(new PutBucketVersioningCommand({ Bucket: name, VersioningConfiguration }));
  const rule = (ID: string, Priority: number, Destination: ReplicationRule['Destination']): ReplicationRule => ({
    ID,
    Priority,
    Status: 'Enabled',
    Filter: { Prefix: '' },
    DeleteMarkerReplication: { Status: 'Disabled' },
    Destination,
  });
  const Rules = [
    ...(where === 'out' ? [] : [rule('within', 1, { Bucket: `arn:aws:s3:::${copy}`, StorageClass: 'STANDARD_IA' })]),
    ...(where === 'within' ? [] : [rule('out', 2, { Bucket: `arn:aws:s3:::${copy}`, Account: '111122223333' })]),
  ];
  const Role = 'arn:aws:iam::000000000000:role/service-role/replicator';
  await s3.send(new PutBucketReplicationCommand({ Bucket, ReplicationConfiguration: { Role, Rules } }));
}

async function expire(s3: S3Client, Bucket: string, what: 'moves' | 'deletes'): Promise<void> {
  const moves: LifecycleRule[] = [
    {
      ID: 'archive',
      Status: 'Enabled',
      Filter: { Prefix: 'a/' },
      Transitions: [{ Days: 30, StorageClass: 'GLACIER' }],
    },
    {
      ID: 'tidy',
      Status: 'Enabled',
      Filter: { Prefix: '' },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 3 },
    },
  ];
  const deletes: LifecycleRule[] = [
    { ID: 'soon', Status: 'Enabled', Filter: { Prefix: 'logs/' }, Expiration: { Days: 1 } },
    {
      ID: 'on-a-day',
      Status: 'Enabled',
      Filter: { Prefix: 'x/' },
      Expiration: { Date: new Date('2027-01-01T00:00:00Z') },
    },
    { ID: 'versions', Status: 'Enabled', Filter: { Prefix: 'y/' }, NoncurrentVersionExpiration: { NoncurrentDays: 1 } },
    { ID: 'off-before', Status: 'Disabled', Filter: { Prefix: 'z/' }, Expiration: { Days: 2 } },
  ];
  const Rules = what === 'moves' ? moves : [...moves, ...deletes];
  await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
}

/** The truth about a bucket, from the API: what a release must give back. */
export async function readBucketState(s3: S3Client, Bucket: string) {
  const [policy, block, acl, ownership, replication, lifecycle] = await Promise.all([
    orNull(s3.send(new GetBucketPolicyCommand({ Bucket }))),
    orNull(s3.send(new GetPublicAccessBlockCommand({ Bucket }))),
    s3.send(new GetBucketAclCommand({ Bucket })),
    orNull(s3.send(new GetBucketOwnershipControlsCommand({ Bucket }))),
    orNull(s3.send(new GetBucketReplicationCommand({ Bucket }))),
    orNull(s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))),
  ]);
  return {
    policy: policy?.Policy ?? null,
    block: block?.PublicAccessBlockConfiguration ?? null,
    grants: acl.Grants,
    ownership: ownership?.OwnershipControls ?? null,
    replication: replication?.ReplicationConfiguration ?? null,
    lifecycle:
      lifecycle === null ? null : { rules: lifecycle.Rules, least: lifecycle.TransitionDefaultMinimumObjectSize },
  };
}

async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && /^NoSuch|NotFoundError$/.test(error.name)) return null;
    throw error;
  }
}
