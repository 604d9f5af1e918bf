import { LambdaClient, ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { action, type ActionContext, type ChangeContext } from '../../../lambdas/contain/runbook-host/action';
import { isNamed } from '../../../lambdas/shared/aws-error';
import { beyondText, noteBeyond } from './beyond-record';
import { allPages, functionName, readFunction } from './function';

type Mapping = { readonly id: string; readonly source: string; readonly on: boolean };
type Before = { readonly mappings: Mapping[] };

/** States in which a mapping does not poll, or is about to stop; the others poll or are about to. */
const OFF = ['Disabled', 'Disabling'];

/**
 * Pollers read queues and streams with the function's role while the function is throttled: messages would be received
 * again and again until they are dead letters, and stream records would run out of their retention unseen.
 */
export const disableEventSources = action<Before>({
  id: 'disable-event-sources',

  async read(context) {
    await readFunction(context);
    return { mappings: await list(context) };
  },

  changes(before) {
    return before.mappings
      .filter(({ on }) => on)
      .map(({ id, source }) => ({
        call: 'lambda:UpdateEventSourceMapping',
        resource: id,
        from: `polls ${source}`,
        to: 'disabled',
      }));
  },

  permissions(_before, { target }) {
    const where = target.id.split(':function:')[0] ?? '';
    return [
      {
        actions: ['lambda:UpdateEventSourceMapping'],
        // Their ids say nothing; whose function they feed does.
        resources: [`${where}:event-source-mapping:*`],
        conditions: { ArnLike: { 'lambda:FunctionArn': [target.id, `${target.id}:*`] } },
      },
    ];
  },

  async contain(before, context) {
    // As they are now: one may have been added since the state was written down.
    for (const { id, source, on } of await list(context)) {
      if (!on) continue;
      if (!before.mappings.some((was) => was.id === id && was.on)) noteBeyond(before, id, `it polled ${source}`);
      await set(context, id, false);
    }
  },

  async verify(before, context) {
    const now = await list(context);
    const left = now.filter(({ on }) => on);
    if (left.length > 0) return { ok: false, observed: `still polls: ${left.map(({ source }) => source).join(', ')}` };
    const observed = now.length === 0 ? 'nothing polls' : `all ${now.length} event sources are disabled`;
    return { ok: true, observed: `${observed}${beyondText(before)}` };
  },

  async release(before, context) {
    const now = await list(context);
    const restored: string[] = [];
    const tasks: string[] = [];
    for (const { id, source } of before.mappings.filter(({ on }) => on)) {
      const current = now.find((mapping) => mapping.id === id);
      if (!current)
        tasks.push(`The event source mapping ${id} of ${source} was deleted meanwhile: make it anew if it is needed.`);
      if (!current || current.on) continue;
      await set(context, id, true);
      restored.push(`polls ${source} again`);
    }
    for (const { id, source } of disabledLater(before, now)) {
      tasks.push(
        `The event source mapping ${id} of ${source} was added after the state was written down; it is disabled, and stays so. If it is wanted: aws lambda update-event-source-mapping --uuid ${id} --enabled`,
      );
    }
    return { restored, tasks };
  },

  async verifyReleased(before, context) {
    const now = await list(context);
    const off = before.mappings.filter((was) => was.on && now.some(({ id, on }) => id === was.id && !on));
    if (off.length > 0) return { ok: false, observed: `still disabled: ${off.map(({ source }) => source).join(', ')}` };
    const later = disabledLater(before, now).map(({ id, source }) => `${id} of ${source}`);
    const rest = later.length === 0 ? '' : `; added since, and still disabled: ${later.join(', ')}`;
    return { ok: true, observed: `event sources poll as before${rest}` };
  },
});

/** Whose record says nothing: disabled by the containment, which disables what is added meanwhile, or made so by somebody. */
function disabledLater({ mappings }: Before, now: readonly Mapping[]): Mapping[] {
  return now.filter(({ id, on }) => !on && !mappings.some((was) => was.id === id));
}

/** Those of every version and alias. One that is being deleted is as good as gone: nobody can switch it any more. */
async function list(context: ActionContext): Promise<Mapping[]> {
  const FunctionName = functionName(context);
  const found = await allPages(
    (Marker) => context.aws.of(LambdaClient).send(new ListEventSourceMappingsCommand({ FunctionName, Marker })),
    (page) => page.EventSourceMappings,
  );
  return found
    .filter(({ State }) => State !== 'Deleting')
    .map(({ UUID, EventSourceArn, SelfManagedEventSource, State }) => ({
      id: UUID ?? '',
      source: EventSourceArn ?? (SelfManagedEventSource ? 'a self-managed cluster' : 'an unknown source'),
      on: !OFF.includes(State ?? ''),
    }));
}

async function set(context: ChangeContext, UUID: string, Enabled: boolean): Promise<void> {
  try {
    await context.change.of(LambdaClient).send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
  } catch (error) {
    // Deleted meanwhile; reading back tells.
    if (!isNamed(error, 'ResourceNotFoundException')) throw error;
  }
}
