/** Shapes of buckets that tests and drills contain. `{bucket}` stands for the bucket's name. */
export interface BucketCase {
  readonly name: string;
  readonly policy: string | null;
  /** Which settings of a block of its own are on; null where it has none. */
  readonly block: readonly string[] | null;
  /** Null where access control lists are off. */
  readonly acl: 'private' | 'public-read' | null;
  readonly replication: 'none' | 'within' | 'out' | 'both';
  readonly lifecycle: 'none' | 'moves' | 'deletes';
}

const PUBLIC =
  '{"Version":"2012-10-17","Id":"web","Statement":[{"Sid":"Everybody","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::{bucket}/*"}]}';
const FOREIGN =
  '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::{bucket}","arn:aws:s3:::{bucket}/*"]}}';

const plain: BucketCase = {
  name: 'no policy, no block',
  policy: null,
  block: null,
  acl: null,
  replication: 'none',
  lifecycle: 'none',
};

export const cases: readonly BucketCase[] = [
  plain,
  { ...plain, name: 'public by policy', policy: PUBLIC },
  { ...plain, name: 'another account let in, half a block', policy: FOREIGN, block: ['BlockPublicAcls'] },
  { ...plain, name: 'public by access control list', acl: 'public-read' },
  {
    ...plain,
    name: 'blocked already',
    block: ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'],
  },
  { ...plain, name: 'replicated within the account', replication: 'within', lifecycle: 'moves' },
  {
    name: 'everything at once',
    policy: PUBLIC,
    block: [],
    acl: 'public-read',
    replication: 'both',
    lifecycle: 'deletes',
  },
];
