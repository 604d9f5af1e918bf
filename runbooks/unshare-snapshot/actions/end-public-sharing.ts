import { action, type ActionContext } from '../../../lambdas/contain/runbook-host/action';
import { facts } from '../facts';
import { KINDS, type Thing } from './sharing';
import { permissionsFor, readThings } from './things';

type Before = {
  readonly things: Thing[];
  /** ARNs of those that everybody could use. */
  readonly everybody: string[];
};

const ID = 'end-public-sharing';
const NOBODY = { everybody: false, accounts: [], organizations: [] };

/** First, because everybody is more than anybody. Never given back by a machine: to publish data is a person's decision. */
export const endPublicSharing = action<Before>({
  id: ID,

  async read(context) {
    const things = await readThings(context);
    return { things, everybody: await publicOnes(context, things) };
  },

  changes(before) {
    return before.things
      .filter(({ arn }) => before.everybody.includes(arn))
      .map(({ kind, arn }) => ({
        call: KINDS[kind].change,
        resource: arn,
        from: 'everybody in the world can use it',
        to: 'not public; copies that were made stay',
      }));
  },

  permissions(before, _context, step) {
    return step === 'contain' ? permissionsFor(before.things, (kind) => KINDS[kind].change) : [];
  },

  async contain(before, context) {
    const now = await publicOnes(context, before.things);
    for (const { kind, id } of before.things.filter(({ arn }) => now.includes(arn))) {
      await KINDS[kind].set(context.change, id, 'remove', { ...NOBODY, everybody: true });
    }
  },

  async verify(before, context) {
    const left = await publicOnes(context, before.things);
    if (left.length > 0) return { ok: false, observed: `still public: ${left.join(', ')}` };
    if (before.everybody.length === 0) return { ok: true, observed: 'it was not public, and is not' };
    return {
      ok: true,
      observed:
        'not public any more. DATA EXPOSURE: whoever copied it while it was public has it for good; treat what is in it as known to others',
    };
  },

  release(before) {
    const task = facts.actions.find(({ id }) => id === ID)?.task;
    return Promise.resolve({
      restored: [],
      tasks:
        before.everybody.length === 0 || task === undefined
          ? []
          : [`${task} Public before: ${before.everybody.join(', ')}.`],
    });
  },

  verifyReleased(before) {
    return Promise.resolve({
      ok: true,
      observed: before.everybody.length === 0 ? 'it was not public before' : 'it stays unpublished',
    });
  },
});

async function publicOnes(context: ActionContext, things: readonly Thing[]): Promise<string[]> {
  const found: string[] = [];
  for (const { kind, id, arn } of things) {
    if ((await KINDS[kind].read(context.aws, id)).everybody) found.push(arn);
  }
  return found;
}
