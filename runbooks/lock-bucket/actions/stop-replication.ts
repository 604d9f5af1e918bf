import {
  GetBucketReplicationCommand,
  ListBucketsCommand,
  PutBucketReplicationCommand,
  S3Client,
  type ReplicationConfiguration,
} from '@aws-sdk/client-s3';
import { action, type ActionContext, type ChangeContext } from '../../../lambdas/contain/runbook-host/action';
import type { JsonObject } from '../../../lib/model/json';
import { orAbsent, thisBucket } from './bucket';
import { changedIds, plain, ruleId, switchOff, switchOnAgain, type Rule } from './rules';

type Configuration = { readonly Role: string; readonly Rules: Rule[] };
type Before = {
  /** Null where nothing is replicated. */
  readonly configuration: Configuration | null;
  /** Ids of the rules that copy out of the account. */
  readonly stopped: string[];
};

/**
 * Replication reads with a role of the own account, so that no deny on outsiders stops it. Whose a rule is S3 does not
 * say, nor when it was made; where it leads does: every rule to a bucket that is not proven to be of this account is
 * switched off, those within the account go on.
 */
export const stopReplication = action<Before>({
  id: 'stop-replication',

  async read(context) {
    const configuration = await readConfiguration(context);
    return { configuration, stopped: await leadingOut(context, configuration) };
  },

  changes(before, { target }) {
    return before.stopped.map((id) => ({
      call: 's3:PutBucketReplication',
      resource: `${target.id}, rule '${id}'`,
      from: `copies to ${destinationOf(before, id)}`,
      to: 'copies nothing',
    }));
  },

  permissions(before, { target }) {
    if (before.configuration === null || before.stopped.length === 0) return [];
    return [
      { actions: ['s3:PutReplicationConfiguration'], resources: [target.id] },
      // S3 asks for this whenever a configuration is put, whatever is changed in it.
      {
        actions: ['iam:PassRole'],
        resources: [before.configuration.Role],
        conditions: { StringEquals: { 'iam:PassedToService': 's3.amazonaws.com' } },
      },
    ];
  },

  async contain(_before, context) {
    // As it is now: a rule may have been added since the state was written down.
    const now = await readConfiguration(context);
    const out = await leadingOut(context, now);
    if (now !== null && out.length > 0) await put(context, { ...now, Rules: switchOff(now.Rules, out) });
  },

  async verify(_before, context) {
    const out = await leadingOut(context, await readConfiguration(context));
    if (out.length > 0) return { ok: false, observed: `still copies out of the account: rule ${out.join(', ')}` };
    return { ok: true, observed: 'no replication rule leads out of the account' };
  },

  async release(before, context) {
    const { configuration, stopped } = before;
    if (configuration === null || stopped.length === 0) return { restored: [], tasks: [] };
    const now = await readConfiguration(context);
    const back = switchOnAgain(configuration.Rules, now?.Rules ?? [], stopped);
    if (now !== null && back.restored.length > 0) await put(context, { ...now, Rules: back.rules });
    return {
      restored: back.restored.map((id) => `replication rule '${id}' copies again`),
      tasks: [
        ...back.left.map(
          (id) =>
            `Replication rule '${id}' was changed or deleted meanwhile and was left so; look whether it is needed.`,
        ),
        'What was written to the bucket meanwhile was not replicated: run S3 Batch Replication if the copies are needed.',
      ],
    };
  },

  async verifyReleased(before, context) {
    const { configuration, stopped } = before;
    if (configuration === null || stopped.length === 0) return { ok: true, observed: 'no rule had been switched off' };
    const now = (await readConfiguration(context))?.Rules ?? [];
    const left = changedIds(configuration.Rules, now, stopped);
    const off = now.filter((rule) => stopped.includes(ruleId(rule)) && rule.Status !== 'Enabled').map(ruleId);
    const ours = off.filter((id) => !left.includes(id));
    if (ours.length > 0) return { ok: false, observed: `still switched off: rule ${ours.join(', ')}` };
    return {
      ok: true,
      observed: `replication rules copy as before${left.length > 0 ? `, but ${left.join(', ')}` : ''}`,
    };
  },
});

async function readConfiguration(context: ActionContext): Promise<Configuration | null> {
  const found = await orAbsent(
    context.aws.of(S3Client).send(new GetBucketReplicationCommand(thisBucket(context))),
    'ReplicationConfigurationNotFoundError',
  );
  const configuration = found?.ReplicationConfiguration;
  return configuration === undefined ? null : (plain(configuration) as Configuration);
}

/** Ids of enabled rules whose destination is not proven to be a bucket of this account. */
async function leadingOut(context: ActionContext, configuration: Configuration | null): Promise<string[]> {
  const enabled = (configuration?.Rules ?? []).filter(({ Status }) => Status === 'Enabled');
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

function destinationOf(before: Before, id: string): string {
  const rule = before.configuration?.Rules.find((candidate) => ruleId(candidate) === id);
  const { Bucket, Account } = (rule?.['Destination'] ?? {}) as JsonObject & { Bucket?: string; Account?: string };
  return Account === undefined ? (Bucket ?? 'nowhere') : `${Bucket ?? 'nowhere'} of account ${Account}`;
}

async function put(context: ChangeContext, configuration: Configuration): Promise<void> {
  const ReplicationConfiguration = configuration as unknown as ReplicationConfiguration;
  await context.change
    .of(S3Client)
    .send(new PutBucketReplicationCommand({ ...thisBucket(context), ReplicationConfiguration }));
}
