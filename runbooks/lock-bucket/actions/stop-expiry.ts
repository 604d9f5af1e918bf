import {
  GetBucketLifecycleConfigurationCommand,
  PutBucketLifecycleConfigurationCommand,
  S3Client,
  type LifecycleRule,
  type TransitionDefaultMinimumObjectSize,
} from '@aws-sdk/client-s3';
import type { ActionContext, ChangeContext } from '../../../lambdas/contain/runbook-host/action';
import { isJsonObject, type Json } from '../../../lib/model/json';
import { orAbsent, thisBucket } from './bucket';
import { plain, ruleId, type Rule } from './rules';
import { stopRules } from './stop-rules';

type Lifecycle = {
  readonly Rules: Rule[];
  /** Has to be given back with the rules: S3 takes its default for it otherwise. */
  readonly minimumObjectSize: string | null;
};

/**
 * Lifecycle rules delete for whoever set them, with no caller that could be denied. When a rule was made S3 does not
 * say, so every rule that deletes objects waits: that costs storage, and nothing else. Rules that only move objects to
 * other storage classes, or clear away unfinished uploads, go on.
 */
export const stopExpiry = stopRules<Lifecycle>({
  id: 'stop-expiry',
  read,
  put,
  harmful: (_context, lifecycle) =>
    (lifecycle?.Rules ?? []).filter((rule) => rule.Status === 'Enabled' && deletesObjects(rule)).map(ruleId),
  call: 's3:PutBucketLifecycleConfiguration',
  permissions: (_lifecycle, bucket) => [{ actions: ['s3:PutLifecycleConfiguration'], resources: [bucket] }],
  does: () => ({ on: 'deletes objects', off: 'deletes nothing' }),
  says: {
    still: 'still deletes objects',
    none: 'no lifecycle rule deletes objects',
    again: 'deletes again',
    asBefore: 'lifecycle rules are as before',
    rule: 'Lifecycle rule',
  },
  tasks: [],
});

async function read(context: ActionContext): Promise<Lifecycle | null> {
  const found = await orAbsent(
    context.aws.of(S3Client).send(new GetBucketLifecycleConfigurationCommand(thisBucket(context))),
    'NoSuchLifecycleConfiguration',
  );
  if (found === null) return null;
  return {
    Rules: plain(found.Rules ?? []) as Rule[],
    minimumObjectSize: found.TransitionDefaultMinimumObjectSize ?? null,
  };
}

/** Tidying up delete markers of objects that are gone deletes nothing that anybody misses. */
function deletesObjects(rule: Rule): boolean {
  const expiration: Json | undefined = rule['Expiration'];
  const expires = isJsonObject(expiration) && (expiration['Days'] !== undefined || expiration['Date'] !== undefined);
  return expires || rule['NoncurrentVersionExpiration'] !== undefined;
}

async function put(context: ChangeContext, { Rules, minimumObjectSize }: Lifecycle): Promise<void> {
  await context.change.of(S3Client).send(
    new PutBucketLifecycleConfigurationCommand({
      ...thisBucket(context),
      LifecycleConfiguration: { Rules: Rules.map(withDates) },
      ...(minimumObjectSize !== null && {
        TransitionDefaultMinimumObjectSize: minimumObjectSize as TransitionDefaultMinimumObjectSize,
      }),
    }),
  );
}

/** The SDK takes times as objects; an undo record has them as text. */
function withDates(rule: Rule): LifecycleRule {
  const revive = (value: Json | undefined): unknown =>
    isJsonObject(value) && typeof value['Date'] === 'string' ? { ...value, Date: new Date(value['Date']) } : value;
  const transitions = rule['Transitions'];
  return {
    ...rule,
    ...(rule['Expiration'] !== undefined && { Expiration: revive(rule['Expiration']) }),
    ...(Array.isArray(transitions) && { Transitions: transitions.map(revive) }),
  } as unknown as LifecycleRule;
}
