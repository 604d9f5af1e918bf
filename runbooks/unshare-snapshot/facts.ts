import type { Permission, RunbookFacts } from '../../lib/model/runbook-facts';

/** Those of EC2 have no account in their ARN. */
const EC2 = 'arn:{partition}:ec2:{region}:';
const RDS = 'arn:{partition}:rds:{region}:{account}';
const DATABASE_SNAPSHOTS = [`${RDS}:snapshot:*`, `${RDS}:cluster-snapshot:*`];

const describe: readonly Permission[] = [
  {
    actions: ['ec2:DescribeSnapshots', 'ec2:DescribeImages'],
    resources: ['*'],
    why: 'Describe calls of EC2 know no resource',
  },
  { actions: ['rds:DescribeDBSnapshots', 'rds:DescribeDBClusterSnapshots'], resources: DATABASE_SNAPSHOTS },
];

const change: readonly Permission[] = [
  { actions: ['ec2:ModifySnapshotAttribute'], resources: [`${EC2}:snapshot/*`] },
  { actions: ['ec2:ModifyImageAttribute'], resources: [`${EC2}:image/*`] },
  {
    actions: ['rds:ModifyDBSnapshotAttribute', 'rds:ModifyDBClusterSnapshotAttribute'],
    resources: DATABASE_SNAPSHOTS,
  },
];

export const facts: RunbookFacts = {
  id: 'unshare-snapshot',
  title: 'Unshare a snapshot',
  summary:
    'Ends the sharing of an EBS snapshot, a machine image with its snapshots, or an RDS snapshot: with everybody first, then with every other account and organisation. Nothing is deleted. What others copied is theirs for good, and is reported as a data exposure.',
  target: 'snapshot',
  attack: ['T1537', 'T1578.001'],
  evidence: 'after',
  actions: [
    {
      id: 'end-public-sharing',
      title: 'End the sharing with everybody',
      release: 'manual',
      touches: ['the group or value “all” of the snapshot, of the image and of each snapshot of the image'],
      task: 'Decide whether it was meant to be public. If so, publish it by hand; if not, handle it as a data exposure: whoever copied it has it for good.',
    },
    {
      id: 'end-account-sharing',
      title: 'End the sharing with other accounts',
      release: 'restores',
      touches: ['every account, organisation and organisational unit that it is shared with'],
    },
  ],
  permissions: {
    guardRails: describe,
    read: [
      ...describe,
      { actions: ['ec2:DescribeSnapshotAttribute'], resources: [`${EC2}:snapshot/*`] },
      { actions: ['ec2:DescribeImageAttribute'], resources: [`${EC2}:image/*`] },
      {
        actions: ['rds:DescribeDBSnapshotAttributes', 'rds:DescribeDBClusterSnapshotAttributes'],
        resources: DATABASE_SNAPSHOTS,
      },
    ],
    evidence: [
      {
        actions: ['ec2:GetSnapshotBlockPublicAccessState', 'ec2:GetImageBlockPublicAccessState'],
        resources: ['*'],
        why: 'the state of a Region knows no resource',
      },
      { actions: ['cloudtrail:LookupEvents'], resources: ['*'], why: 'LookupEvents knows no resource' },
    ],
    contain: change,
    release: change,
  },
  limits: [
    'Copies, volumes, databases and instances that others made meanwhile are theirs, and cannot be called back: a DATA EXPOSURE, to be handled as one. CloudTrail tells the owner of an EC2 snapshot when others copy it or make volumes of it (SharedSnapshotCopyInitiated, SharedSnapshotVolumeCreated); for images and RDS it tells nothing.',
    'Every other account is taken off, rightful ones too: launches from a shared image fail there until it is released. Name images and snapshots that must stay shared in the guard rails.',
    'What was public is not made public again by a release: that is a person’s decision.',
    'Keys of encrypted snapshots stay shared: look at the key policy and its grants.',
    'Copies within the account, in other Regions and in AWS Backup vaults, are targets of their own.',
  ],
};
