import {
  GetBucketReplicationCommand,
  ListBucketsCommand,
  PutBucketReplicationCommand,
  S3Client,
  type ReplicationConfiguration,
} from '@aws-sdk/client-s3';
import type { ActionContext, ChangeContext } from '../../../lambdas/contain/runbook-host/action';
import type { JsonObject } from '../../../lib/model/json';
import { orAbsent, thisBucket } from './bucket';
import { plain, ruleId, type Rule } from './rules';
import { stopRules } from './stop-rules';

type Replication = { readonly Role: string; readonly Rules: Rule[] };

/**
 * Replication reads with a role of the own account, so that no deny on outsiders stops it. Whose a rule is S3 does not
 * say, nor when it was made; where it leads does: every rule to a bucket that is not proven to be of this account is
 * switched off, those within the account go on.
 */
export const stopReplication = stopRules<Replication>({
  id: 'stop-replication',
  read,
  put,
  harmful: leadingOut,
  call: 's3:PutBucketReplication',
  permissions: ({ Role }, bucket) => [
    { actions: ['s3:PutReplicationConfiguration'], resources: [bucket] },
    // S3 asks for this whenever a configuration is put, whatever is changed in it.
    {
      actions: ['iam:PassRole'],
      resources: [Role],
      conditions: { StringEquals: { 'iam:PassedToService': 's3.amazonaws.com' } },
    },
  ],
  does: (replication, id) => ({ on: `copies to ${destinationOf(replication, id)}`, off: 'copies nothing' }),
  says: {
    still: 'still copies out of the account',
    none: 'no replication rule leads out of the account',
    again: 'copies again',
    asBefore: 'replication rules copy as before',
    rule: 'Replication rule',
  },
  tasks: [
    'What was written to the bucket meanwhile was not replicated: run S3 Batch Replication if the copies are needed.',
  ],
});

async function read(context: ActionContext): Promise<Replication | null> {
  const found = await orAbsent(
    context.aws.of(S3Client).send(new GetBucketReplicationCommand(thisBucket(context))),
    'ReplicationConfigurationNotFoundError',
  );
  const configuration = found?.ReplicationConfiguration;
  return configuration === undefined ? null : (plain(configuration) as Replication);
}

/** Ids of enabled rules whose destination is not proven to be a bucket of this account. */
async function leadingOut(context: ActionContext, replication: Replication | null): Promise<string[]> {
  const enabled = (replication?.Rules ?? []).filter(({ Status }) => Status === 'Enabled');
  if (enabled.length === 0) return [];
  const own = await ownBuckets(context);
  return enabled
    .filter((rule) => {
      const { Bucket, Account } = (rule['Destination'] ?? {}) as {
        readonly Bucket?: string;
        readonly Account?: string;
      };
      if (Account !== undefined && Account !== context.target.account) return true;
      return !own.has(Bucket?.split(':::')[1] ?? '');
    })
    .map(ruleId);
}

/** Names of the account's buckets, of every Region. */
async function ownBuckets(context: ActionContext): Promise<Set<string>> {
  const names = new Set<string>();
  let ContinuationToken: string | undefined;
  do {
    const page = await context.aws.of(S3Client).send(new ListBucketsCommand({ MaxBuckets: 1_000, ContinuationToken }));
    for (const { Name } of page.Buckets ?? []) if (Name !== undefined) names.add(Name);
    ContinuationToken = page.ContinuationToken;
  } while (ContinuationToken !== undefined);
  return names;
}

function destinationOf(replication: Replication | null, id: string): string {
  const rule = replication?.Rules.find((candidate) => ruleId(candidate) === id);
  const { Bucket, Account } = (rule?.['Destination'] ?? {}) as JsonObject & { Bucket?: string; Account?: string };
  return Account === undefined ? (Bucket ?? 'nowhere') : `${Bucket ?? 'nowhere'} of account ${Account}`;
}

async function put(context: ChangeContext, replication: Replication): Promise<void> {
  const ReplicationConfiguration = replication as unknown as ReplicationConfiguration;
  await context.change
    .of(S3Client)
    .send(new PutBucketReplicationCommand({ ...thisBucket(context), ReplicationConfiguration }));
}
