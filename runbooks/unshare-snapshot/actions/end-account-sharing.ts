import { action, type ActionContext } from '../../../lambdas/contain/runbook-host/action';
import { KINDS, type Sharing, type Thing } from './sharing';
import { permissionsFor, readThings } from './things';

type Shared = { readonly thing: Thing; readonly accounts: string[]; readonly organizations: string[] };
type Before = { readonly shared: Shared[] };

/**
 * Every account, organisation and unit is taken off: which of them an attacker added AWS does not say, and a snapshot can be
 * copied in minutes. What must stay shared is named in the guard rails, which refuse it.
 */
export const endAccountSharing = action<Before>({
  id: 'end-account-sharing',

  async read(context) {
    return { shared: await readShared(context, await readThings(context)) };
  },

  changes(before) {
    return before.shared.filter(isShared).map((one) => ({
      call: KINDS[one.thing.kind].change,
      resource: one.thing.arn,
      from: `shared with ${whom(one)}`,
      to: 'shared with no other account; copies that were made stay',
    }));
  },

  permissions(before) {
    return permissionsFor(
      before.shared.map(({ thing }) => thing),
      (kind) => KINDS[kind].change,
    );
  },

  async contain(before, context) {
    // As it is now: an account may have been added since the state was written down.
    for (const one of await readShared(context, thingsOf(before))) {
      if (isShared(one)) await KINDS[one.thing.kind].set(context.change, one.thing.id, 'remove', sharing(one));
    }
  },

  async verify(before, context) {
    const left = (await readShared(context, thingsOf(before))).filter(isShared);
    if (left.length > 0) {
      return { ok: false, observed: left.map((one) => `${one.thing.arn} is shared with ${whom(one)}`).join('; ') };
    }
    const was = before.shared.filter(isShared);
    if (was.length === 0) return { ok: true, observed: 'it was shared with no other account, and is not' };
    return {
      ok: true,
      observed: `shared with no other account. DATA EXPOSURE: ${[...new Set(was.map(whom))].join(', ')} may have copies, which cannot be called back`,
    };
  },

  async release(before, context) {
    const restored: string[] = [];
    const now = await readShared(context, thingsOf(before));
    for (const one of before.shared) {
      const { thing } = one;
      const there = now.find((candidate) => candidate.thing.arn === thing.arn);
      const missing: Shared = {
        thing,
        accounts: one.accounts.filter((account) => there?.accounts.includes(account) !== true),
        organizations: one.organizations.filter((arn) => there?.organizations.includes(arn) !== true),
      };
      if (!isShared(missing)) continue;
      await KINDS[thing.kind].set(context.change, thing.id, 'add', sharing(missing));
      restored.push(`${thing.arn} is shared with ${whom(missing)} again`);
    }
    return { restored, tasks: [] };
  },

  async verifyReleased(before, context) {
    const now = await readShared(context, thingsOf(before));
    const wrong = before.shared.filter((one) => {
      const there = now.find(({ thing }) => thing.arn === one.thing.arn);
      return !there || whom(there) !== whom(one);
    });
    if (wrong.length > 0)
      return { ok: false, observed: `not shared as before: ${wrong.map(({ thing }) => thing.arn).join(', ')}` };
    return { ok: true, observed: 'shared with the same accounts as before' };
  },
});

/** Whom an API names twice, as after a change whose answer was lost and that the SDK made again, counts once. */
async function readShared(context: ActionContext, things: readonly Thing[]): Promise<Shared[]> {
  const found: Shared[] = [];
  for (const thing of things) {
    const { accounts, organizations } = await KINDS[thing.kind].read(context.aws, thing.id);
    found.push({ thing, accounts: [...new Set(accounts)], organizations: [...new Set(organizations)] });
  }
  return found;
}

function thingsOf(before: Before): Thing[] {
  return before.shared.map(({ thing }) => thing);
}

function isShared({ accounts, organizations }: Shared): boolean {
  return accounts.length + organizations.length > 0;
}

function sharing({ accounts, organizations }: Shared): Sharing {
  return { everybody: false, accounts, organizations };
}

function whom({ accounts, organizations }: Shared): string {
  return [...accounts, ...organizations].sort().join(', ');
}
