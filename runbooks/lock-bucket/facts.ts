import type { Permission, RunbookFacts } from '../../lib/model/runbook-facts';

const BUCKETS = 'arn:{partition}:s3:::*';
/** Bucket ARNs name no account. */
const OWN = { StringEquals: { 's3:ResourceAccount': '{account}' } };

/** S3 asks for this whenever a replication configuration is put. */
const passReplicationRole: Permission = {
  actions: ['iam:PassRole'],
  resources: ['arn:{partition}:iam::{account}:role/*'],
  conditions: { StringEquals: { 'iam:PassedToService': 's3.amazonaws.com' } },
  why: 'the replication role stays the one that the bucket has',
};

const changes = [
  's3:PutBucketPolicy',
  's3:PutBucketPublicAccessBlock',
  's3:PutReplicationConfiguration',
  's3:PutLifecycleConfiguration',
];

export const facts: RunbookFacts = {
  id: 'lock-bucket',
  title: 'Lock a bucket',
  summary:
    'Cuts everybody outside the account off from an S3 bucket, public visitors first of all, and stops what carries data away or deletes it by itself: replication out of the account and lifecycle rules. Principals of the account keep their access.',
  target: 'bucket',
  attack: ['T1530', 'T1537', 'T1485', 'T1486'],
  evidence: 'after',
  actions: [
    {
      id: 'deny-outsiders',
      title: 'Deny the bucket to everybody outside the account',
      release: 'restores',
      touches: ['bucket policy: two Deny statements are added to what is there'],
    },
    {
      id: 'block-public-access',
      title: 'Block public access to the bucket',
      release: 'restores',
      touches: ['all four settings of the public access block of the bucket'],
    },
    {
      id: 'stop-replication',
      title: 'Switch off replication out of the account',
      release: 'restores',
      touches: ['status of replication rules whose destination is not proven to be a bucket of the account'],
    },
    {
      id: 'stop-expiry',
      title: 'Switch off lifecycle rules that delete objects',
      release: 'restores',
      touches: ['status of lifecycle rules with an expiration of current or noncurrent versions'],
    },
  ],
  permissions: {
    guardRails: [
      { actions: ['s3:ListBucket'], resources: [BUCKETS], conditions: OWN, why: 'HeadBucket is authorised as this' },
      {
        actions: ['cloudtrail:DescribeTrails', 'config:DescribeDeliveryChannels'],
        resources: ['*'],
        why: 'Describe calls of CloudTrail and Config know no resource',
      },
    ],
    read: [
      {
        actions: [
          's3:GetBucketPolicy',
          's3:GetBucketPublicAccessBlock',
          's3:GetReplicationConfiguration',
          's3:GetLifecycleConfiguration',
        ],
        resources: [BUCKETS],
        conditions: OWN,
      },
      {
        actions: ['s3:ListAllMyBuckets'],
        resources: ['*'],
        why: 'a list of the buckets of the account knows no resource',
      },
    ],
    evidence: [
      {
        actions: [
          's3:GetBucketPolicyStatus',
          's3:GetBucketAcl',
          's3:GetBucketOwnershipControls',
          's3:GetBucketVersioning',
          's3:GetEncryptionConfiguration',
          's3:GetBucketWebsite',
          's3:GetBucketNotification',
          's3:GetBucketLogging',
        ],
        resources: [BUCKETS],
        conditions: OWN,
      },
      { actions: ['cloudtrail:LookupEvents'], resources: ['*'], why: 'LookupEvents knows no resource' },
    ],
    contain: [{ actions: changes, resources: [BUCKETS], conditions: OWN }, passReplicationRole],
    release: [
      { actions: [...changes, 's3:DeleteBucketPolicy'], resources: [BUCKETS], conditions: OWN },
      passReplicationRole,
    ],
  },
  limits: [
    'Principals of the bucket’s own account keep their access, the attacker’s stolen ones included: contain them by their own runbooks. Pre-signed URLs that they made work as long as their credentials do.',
    'It cuts off every other account, those of the same organisation included, public readers and websites, CloudFront by origin access identity (by origin access control of the same account it goes on), and access logs that Elastic Load Balancing writes from accounts of AWS.',
    'What was read or copied before cannot be called back; data events show it only where they were logged.',
    'Who made a replication or lifecycle rule, and when, S3 does not say: rules are chosen by what they do. What is written meanwhile is not replicated afterwards by itself.',
    'Objects that an attacker deleted, or encrypted with a key of his own, are not brought back; versioning, where it was on, still has them.',
    'A bucket policy that denies Firebreak itself can be taken away by root of the account only.',
    'Access points and the public access block of the account are not read; the deny in the bucket policy binds requests through access points too.',
  ],
};
