import { action, type ActionContext, type ChangeContext } from '../../../lambdas/contain/runbook-host/action';
import type { Action } from '../../../lambdas/contain/runbook-host/action';
import { isNamed } from '../../../lambdas/shared/aws-error';
import { readUser, userPermission } from './user';

export interface Credential {
  readonly id: string;
  /** `Active`, `Inactive` or `Expired`. */
  readonly status: string;
}

/** One kind of credential that can be switched off and on. */
export interface CredentialKind {
  readonly actionId: string;
  /** In the plural, for sentences: `access keys`. */
  readonly what: string;
  readonly call: string;
  /** What a person is told to do where they stay inactive. */
  readonly task: string;
  list(context: ActionContext): Promise<Credential[]>;
  set(context: ChangeContext, id: string, status: 'Active' | 'Inactive'): Promise<void>;
}

type Before = {
  readonly userId: string;
  /** The user's ARN with its path; absent in what earlier versions wrote down. */
  readonly arn?: string;
  readonly credentials: { id: string; status: string }[];
};

/**
 * Switches off every credential of a kind, those included that were made after the state was read. They are leaked:
 * release leaves them off unless a person says otherwise in so many words.
 */
export function deactivate(kind: CredentialKind): Action {
  const active = async (context: ActionContext) =>
    (await kind.list(context)).filter(({ status }) => status === 'Active');

  const setAll = async (context: ChangeContext, ids: readonly string[], status: 'Active' | 'Inactive') => {
    const errors: unknown[] = [];
    for (const id of ids) {
      try {
        await kind.set(context, id, status);
      } catch (error) {
        // One that cannot be changed does not keep the others; one that is gone is read back as gone.
        if (!isNamed(error, 'NoSuchEntity', 'NoSuchEntityException')) errors.push(error);
      }
    }
    // Named as the first error is, so that what passes by itself is tried again.
    const [first] = errors;
    if (first !== undefined) throw first instanceof Error ? first : new Error(`${kind.call} failed`);
  };

  return action<Before>({
    id: kind.actionId,

    async read(context) {
      const [user, credentials] = await Promise.all([readUser(context), kind.list(context)]);
      return {
        userId: user.UserId ?? '',
        ...(user.Arn !== undefined && { arn: user.Arn }),
        credentials: credentials.map(({ id, status }) => ({ id, status })),
      };
    },

    changes(before) {
      return before.credentials
        .filter(({ status }) => status === 'Active')
        .map(({ id }) => ({ call: kind.call, resource: id, from: 'Active', to: 'Inactive' }));
    },

    permissions(before, context) {
      return [{ actions: [kind.call], ...userPermission(before.arn, context) }];
    },

    async contain(_before, context) {
      await setAll(
        context,
        (await active(context)).map(({ id }) => id),
        'Inactive',
      );
    },

    async verify(_before, context) {
      const all = await kind.list(context);
      const left = all.filter(({ status }) => status === 'Active').map(({ id }) => id);
      if (left.length > 0) return { ok: false, observed: `still active: ${left.join(', ')}` };
      return {
        ok: true,
        observed: all.length === 0 ? `the user has no ${kind.what}` : `all ${all.length} ${kind.what} are inactive`,
      };
    },

    async release(before, context, options) {
      const wereActive = before.credentials.filter(({ status }) => status === 'Active').map(({ id }) => id);
      if (wereActive.length === 0) return { restored: [], tasks: [] };
      if (!options.reactivateKeys) {
        return { restored: [], tasks: [`${kind.task} Inactive stay: ${wereActive.join(', ')}.`] };
      }
      const there = new Set((await kind.list(context)).map(({ id }) => id));
      await setAll(
        context,
        wereActive.filter((id) => there.has(id)),
        'Active',
      );
      return {
        restored: wereActive.filter((id) => there.has(id)).map((id) => `${id} is active again`),
        tasks: [`Replace the reactivated ${kind.what} soon: whoever leaked them may still have them.`],
      };
    },

    async verifyReleased(before, context, options) {
      const wereActive = before.credentials.filter(({ status }) => status === 'Active').map(({ id }) => id);
      if (!options.reactivateKeys || wereActive.length === 0) {
        return {
          ok: true,
          observed: wereActive.length === 0 ? `no ${kind.what} were active before` : `${kind.what} stay inactive`,
        };
      }
      const left = (await kind.list(context)).filter(
        ({ id, status }) => wereActive.includes(id) && status !== 'Active',
      );
      if (left.length > 0) return { ok: false, observed: `not active again: ${left.map(({ id }) => id).join(', ')}` };
      return { ok: true, observed: `${kind.what} are active as before` };
    },
  });
}
