import {
  GetBucketLifecycleConfigurationCommand,
  PutBucketLifecycleConfigurationCommand,
  S3Client,
  type LifecycleRule,
  type TransitionDefaultMinimumObjectSize,
} from '@aws-sdk/client-s3';
import { action, type ActionContext, type ChangeContext } from '../../../lambdas/contain/runbook-host/action';
import { isJsonObject, type Json } from '../../../lib/model/json';
import { orAbsent, thisBucket } from './bucket';
import { changedIds, plain, ruleId, switchOff, switchOnAgain, type Rule } from './rules';

type Configuration = {
  readonly Rules: Rule[];
  /** Has to be given back with the rules: S3 takes its default for it otherwise. */
  readonly minimumObjectSize: string | null;
};
type Before = {
  readonly configuration: Configuration | null;
  /** Ids of the rules that delete objects. */
  readonly stopped: string[];
};

/**
 * Lifecycle rules delete for whoever set them, with no caller that could be denied. When a rule was made S3 does not
 * say, so every rule that deletes objects waits: that costs storage, and nothing else. Rules that only move objects to
 * other storage classes, or clear away unfinished uploads, go on.
 */
export const stopExpiry = action<Before>({
  id: 'stop-expiry',

  async read(context) {
    const configuration = await readConfiguration(context);
    return { configuration, stopped: deleting(configuration) };
  },

  changes(before, { target }) {
    return before.stopped.map((id) => ({
      call: 's3:PutBucketLifecycleConfiguration',
      resource: `${target.id}, rule '${id}'`,
      from: 'deletes objects',
      to: 'deletes nothing',
    }));
  },

  permissions(before, { target }) {
    if (before.stopped.length === 0) return [];
    return [{ actions: ['s3:PutLifecycleConfiguration'], resources: [target.id] }];
  },

  async contain(_before, context) {
    // As it is now: a rule may have been added since the state was written down.
    const now = await readConfiguration(context);
    const ids = deleting(now);
    if (now !== null && ids.length > 0) await put(context, { ...now, Rules: switchOff(now.Rules, ids) });
  },

  async verify(_before, context) {
    const ids = deleting(await readConfiguration(context));
    if (ids.length > 0) return { ok: false, observed: `still deletes objects: rule ${ids.join(', ')}` };
    return { ok: true, observed: 'no lifecycle rule deletes objects' };
  },

  async release(before, context) {
    const { configuration, stopped } = before;
    if (configuration === null || stopped.length === 0) return { restored: [], tasks: [] };
    const now = await readConfiguration(context);
    const back = switchOnAgain(configuration.Rules, now?.Rules ?? [], stopped);
    if (now !== null && back.restored.length > 0) await put(context, { ...now, Rules: back.rules });
    return {
      restored: back.restored.map((id) => `lifecycle rule '${id}' deletes again`),
      tasks: back.left.map(
        (id) => `Lifecycle rule '${id}' was changed or deleted meanwhile and was left so; look whether it is needed.`,
      ),
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
    return { ok: true, observed: `lifecycle rules are as before${left.length > 0 ? `, but ${left.join(', ')}` : ''}` };
  },
});

async function readConfiguration(context: ActionContext): Promise<Configuration | null> {
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

function deleting(configuration: Configuration | null): string[] {
  return (configuration?.Rules ?? []).filter((rule) => rule.Status === 'Enabled' && deletesObjects(rule)).map(ruleId);
}

/** Tidying up delete markers of objects that are gone deletes nothing that anybody misses. */
function deletesObjects(rule: Rule): boolean {
  const expiration: Json | undefined = rule['Expiration'];
  const expires = isJsonObject(expiration) && (expiration['Days'] !== undefined || expiration['Date'] !== undefined);
  return expires || rule['NoncurrentVersionExpiration'] !== undefined;
}

async function put(context: ChangeContext, { Rules, minimumObjectSize }: Configuration): Promise<void> {
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
