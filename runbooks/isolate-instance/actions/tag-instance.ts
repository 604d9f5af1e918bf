import { EC2Client, CreateTagsCommand, DeleteTagsCommand } from '@aws-sdk/client-ec2';
import { action, type ActionContext } from '../../../lambdas/contain/runbook-host/action';
import { instanceId, instanceResource, readInstance } from './instance';

type Before = {
  /** The value that each of our tags had; null where there was none. */
  readonly tags: { readonly [key: string]: string | null };
};

/** For people who look at the console. Firebreak itself never trusts a tag: whoever may tag could set it. */
const wanted = (context: ActionContext): Readonly<Record<string, string>> => ({
  'firebreak:incident': context.incidentId,
  'firebreak:containment': context.containmentId,
});

export const tagInstance = action<Before>({
  id: 'tag-instance',

  async read(context) {
    const tags = await readTags(context);
    return { tags: Object.fromEntries(Object.keys(wanted(context)).map((key) => [key, tags[key] ?? null])) };
  },

  changes(before, context) {
    return Object.entries(wanted(context))
      .filter(([key, value]) => before.tags[key] !== value)
      .map(([key, value]) => ({
        call: 'ec2:CreateTags',
        resource: instanceId(context),
        from: before.tags[key] ?? `no tag ${key}`,
        to: `${key}=${value}`,
      }));
  },

  permissions(_before, context, step) {
    return [
      {
        actions: step === 'contain' ? ['ec2:CreateTags'] : ['ec2:CreateTags', 'ec2:DeleteTags'],
        resources: [instanceResource(context)],
        conditions: { 'ForAllValues:StringEquals': { 'aws:TagKeys': Object.keys(wanted(context)) } },
      },
    ];
  },

  async contain(_before, context) {
    await context.change.of(EC2Client).send(
      new CreateTagsCommand({
        Resources: [instanceId(context)],
        Tags: Object.entries(wanted(context)).map(([Key, Value]) => ({ Key, Value })),
      }),
    );
  },

  async verify(_before, context) {
    // Which incident stands in the tag changes when another one takes over: that it is there is enough.
    const tags = await readTags(context);
    const missing = Object.keys(wanted(context)).filter((key) => tags[key] === undefined);
    return missing.length === 0
      ? { ok: true, observed: 'the instance carries the tags' }
      : { ok: false, observed: `missing: ${missing.join(', ')}` };
  },

  async release(before, context) {
    const Resources = [instanceId(context)];
    const entries = Object.entries(before.tags);
    const back = entries.flatMap(([Key, Value]) => (Value === null ? [] : [{ Key, Value }]));
    const gone = entries.flatMap(([Key, Value]) => (Value === null ? [{ Key }] : []));
    if (back.length > 0) await context.change.of(EC2Client).send(new CreateTagsCommand({ Resources, Tags: back }));
    if (gone.length > 0) await context.change.of(EC2Client).send(new DeleteTagsCommand({ Resources, Tags: gone }));
    return { restored: entries.map(([key, value]) => `${key}: ${value ?? 'removed'}`), tasks: [] };
  },

  async verifyReleased(before, context) {
    const tags = await readTags(context);
    const wrong = Object.entries(before.tags).filter(([key, value]) => (tags[key] ?? null) !== value);
    return wrong.length === 0
      ? { ok: true, observed: 'the tags are as before' }
      : { ok: false, observed: `not as before: ${wrong.map(([key]) => key).join(', ')}` };
  },
});

async function readTags(context: ActionContext): Promise<Record<string, string | undefined>> {
  const { Tags } = await readInstance(context);
  return Object.fromEntries((Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));
}
