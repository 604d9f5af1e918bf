import {
  DeleteBucketPolicyCommand,
  GetBucketPolicyCommand,
  PutBucketPolicyCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { action, type ActionContext, type ChangeContext } from '../../../lambdas/contain/runbook-host/action';
import { errorText, isNamed } from '../../../lambdas/shared/aws-error';
import { beyondText, noteBeyond } from '../../quarantine-function/actions/beyond-record';
import { orAbsent, thisBucket } from './bucket';
import { isLocked, isLockOf, leftOut, lockedPolicies, samePolicy, whyNoRoom, withoutOurs } from './outsiders';

type Before = {
  /** The policy's text, to the letter; null where the bucket had none. */
  readonly policy: string | null;
};

/** What S3 says to a policy that it finds public while public policies are blocked; also what a deny says. */
const REFUSED = ['AccessDenied', 'MalformedPolicy'];

/**
 * A deny in the bucket's own policy binds whoever was let in by that policy, by an access control list or by an access
 * point. Principals of the own account keep what they have: production goes on, and the actor has a runbook of his own.
 */
export const denyOutsiders = action<Before>({
  id: 'deny-outsiders',

  async read(context) {
    return { policy: await readPolicy(context) };
  },

  changes(before, { target }) {
    if (isLocked(before.policy, target.id, target.account)) return [];
    return [
      {
        call: 's3:PutBucketPolicy',
        resource: target.id,
        from: before.policy === null ? 'no bucket policy' : 'the bucket policy as it is',
        to: `denied to everybody outside account ${target.account}: other accounts, anonymous visitors and websites, and AWS services that read it for other accounts; principals of ${target.account} keep their access`,
      },
    ];
  },

  permissions(_before, { target }, step) {
    // What somebody else wrote meanwhile stays, so that even a release may have to put a policy, or to delete one.
    const actions = step === 'contain' ? ['s3:PutBucketPolicy'] : ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy'];
    return [{ actions, resources: [target.id] }];
  },

  async contain(before, context) {
    const { target } = context;
    const current = await readPolicy(context);
    if (isLocked(current, target.id, target.account)) return;
    const policies = lockedPolicies(current, target.id, target.account);
    if (policies.length === 0) throw new Error(whyNoRoom(current, target.id, target.account));
    let refused: unknown;
    for (const policy of policies) {
      try {
        await putPolicy(context, policy);
        // Somebody may have written another policy since the state was written down.
        const left = leftOut(current, policy, before.policy);
        if (left.length > 0) noteBeyond(before, `${left.length} statement(s) left out`, JSON.stringify(left));
        return;
      } catch (error) {
        if (!isNamed(error, ...REFUSED)) throw error;
        refused = error;
      }
    }
    throw new Error(
      `S3 takes no policy of ${target.id} that has the statements of Firebreak and every Deny of its own (${errorText(refused)}). Nothing was changed: look whether a Deny names a principal that was deleted, or whether something denies s3:PutBucketPolicy to Firebreak; then contain it again`,
      { cause: refused },
    );
  },

  async verify(before, context) {
    const { target } = context;
    if (isLocked(await readPolicy(context), target.id, target.account)) {
      const observed = `the bucket policy denies everybody outside account ${target.account}`;
      return { ok: true, observed: `${observed}${beyondText(before)}` };
    }
    return { ok: false, observed: `the bucket policy does not deny those outside account ${target.account}` };
  },

  async release(before, context) {
    const { target } = context;
    const current = await readPolicy(context);
    if (samePolicy(current, before.policy)) return { restored: [], tasks: [] };
    if (isLockOf(current, before.policy, target.id, target.account)) {
      await givePolicy(context, before.policy);
      const what =
        before.policy === null ? 'the bucket has no policy, as before' : 'the bucket policy is the earlier one';
      return { restored: [what], tasks: [] };
    }
    const rest = withoutOurs(current);
    if (samePolicy(rest, current)) return { restored: [], tasks: [changedMeanwhile(target.id)] };
    await givePolicy(context, rest);
    return { restored: ["Firebreak's statements are out of the bucket policy"], tasks: [changedMeanwhile(target.id)] };
  },

  async verifyReleased(before, context) {
    const { target } = context;
    const current = await readPolicy(context);
    if (samePolicy(current, before.policy)) return { ok: true, observed: 'the bucket policy is as before' };
    if (isLockOf(current, before.policy, target.id, target.account) || !samePolicy(current, withoutOurs(current))) {
      return { ok: false, observed: 'the bucket policy is not as before' };
    }
    return { ok: true, observed: 'somebody changed the bucket policy meanwhile; nothing of Firebreak is left in it' };
  },
});

function changedMeanwhile(bucket: string): string {
  return `The policy of ${bucket} was changed by somebody else while it was locked: that was left as it is. The earlier policy lies in the undo record, and what had to be left out of a later one stands in the timeline; compare them.`;
}

async function readPolicy(context: ActionContext): Promise<string | null> {
  const found = await orAbsent(
    context.aws.of(S3Client).send(new GetBucketPolicyCommand(thisBucket(context))),
    'NoSuchBucketPolicy',
  );
  return found?.Policy ?? null;
}

async function putPolicy(context: ChangeContext, Policy: string): Promise<void> {
  await context.change.of(S3Client).send(new PutBucketPolicyCommand({ ...thisBucket(context), Policy }));
}

async function givePolicy(context: ChangeContext, policy: string | null): Promise<void> {
  if (policy === null) {
    await context.change.of(S3Client).send(new DeleteBucketPolicyCommand(thisBucket(context)));
    return;
  }
  try {
    await putPolicy(context, policy);
  } catch (error) {
    if (!isNamed(error, ...REFUSED)) throw error;
    throw new Error(
      `S3 does not take the earlier policy back (${errorText(error)}); it may be public while public policies are blocked, in the bucket or in the account. It lies in the undo record.`,
      { cause: error },
    );
  }
}
