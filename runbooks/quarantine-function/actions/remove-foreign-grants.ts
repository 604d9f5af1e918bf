import { AddPermissionCommand, GetPolicyCommand, LambdaClient, RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { action, type ActionContext } from '../../../lambdas/contain/runbook-host/action';
import { isNamed } from '../../../lambdas/shared/aws-error';
import { canonicalJson } from '../../../lib/model/canonical-json';
import { beyondText, noteBeyond, REMOVED_LATER } from './beyond-record';
import { functionName, qualifiers, readFunction } from './function';
import { grantsOf, isForeign, requestFor, type Grant } from './grants';

type Before = { readonly foreign: Grant[] };

/** Aliases and the newest versions; Lambda takes 15 of these reads a second. */
const MAX_QUALIFIERS = 100;

/**
 * A grant can be more than a call: another account may have been let in to read or replace the code, which no
 * concurrency stops. What cannot be proven to be of the account is removed; every statement is written down whole.
 */
export const removeForeignGrants = action<Before>({
  id: 'remove-foreign-grants',

  async read(context) {
    await readFunction(context);
    return { foreign: foreignOf(await listAll(context, confirmedGrants), context) };
  },

  changes(before) {
    return before.foreign.map((grant) => ({
      call: 'lambda:RemovePermission',
      resource: nameOf(grant),
      from: saysOf(grant),
      to: 'no such permission',
    }));
  },

  permissions(before, { target }, step) {
    if (before.foreign.length === 0) return [];
    const call = step === 'contain' ? 'Remove' : 'Add';
    const qualified = before.foreign.flatMap(({ qualifier }) =>
      qualifier === null ? [] : [`${target.id}:${qualifier}`],
    );
    return [{ actions: [`lambda:${call}Permission`], resources: [...new Set([target.id, ...qualified])] }];
  },

  async contain(before, context) {
    const FunctionName = functionName(context);
    // As they are now: one may have been added since the state was written down.
    for (const grant of await listForeign(context)) {
      const { sid: StatementId, qualifier } = grant;
      const known = before.foreign.some((was) => nameOf(was) === nameOf(grant) && same(was, grant));
      if (!known) noteBeyond(before, `permission ${nameOf(grant)}`, saysOf(grant));
      try {
        await context.change.of(LambdaClient).send(
          new RemovePermissionCommand({
            FunctionName,
            StatementId,
            ...(qualifier !== null && { Qualifier: qualifier }),
          }),
        );
      } catch (error) {
        // Gone is what was wanted; reading back tells whether it is.
        if (!isNamed(error, 'ResourceNotFoundException')) throw error;
      }
    }
  },

  async verify(before, context) {
    const left = await listForeign(context);
    if (left.length > 0) return { ok: false, observed: `still let in: ${left.map(nameOf).join(', ')}` };
    return { ok: true, observed: `nobody outside the account is let in${beyondText(before)}` };
  },

  async release(before, context) {
    const FunctionName = functionName(context);
    const now = await listAll(context);
    const restored: string[] = [];
    const tasks: string[] = [];
    for (const grant of before.foreign) {
      const there = now.find((candidate) => nameOf(candidate) === nameOf(grant));
      if (there && same(there, grant)) continue;
      const request = requestFor(grant, FunctionName);
      if (there) {
        tasks.push(`Permission ${nameOf(grant)} was made anew meanwhile and says something else: it was left so.`);
      } else if (request === undefined) {
        tasks.push(
          `Permission ${nameOf(grant)} cannot be given back by a call; it was ${JSON.stringify(grant.statement)}.`,
        );
      } else {
        await context.change.of(LambdaClient).send(new AddPermissionCommand(request));
        restored.push(`permission ${nameOf(grant)}`);
      }
    }
    return { restored, tasks };
  },

  async verifyReleased(before, context) {
    const now = await listAll(context);
    const FunctionName = functionName(context);
    const missing = before.foreign.filter(
      (grant) =>
        requestFor(grant, FunctionName) !== undefined && !now.some((candidate) => nameOf(candidate) === nameOf(grant)),
    );
    if (missing.length > 0) return { ok: false, observed: `not given back: ${missing.map(nameOf).join(', ')}` };
    return {
      ok: true,
      observed: `permissions for others are as they were written down; ${REMOVED_LATER}`,
    };
  },
});

async function listForeign(context: ActionContext): Promise<Grant[]> {
  return foreignOf(await listAll(context), context);
}

function foreignOf(grants: readonly Grant[], { target }: ActionContext): Grant[] {
  return grants.filter((grant) => isForeign(grant, target.account));
}

/** Lambda keeps one policy for the function, and one for each version and alias. */
async function listAll(context: ActionContext, read = readGrants): Promise<Grant[]> {
  const all = [undefined, ...(await qualifiers(context)).slice(-MAX_QUALIFIERS)];
  const found = new Map<string, Grant>();
  for (const qualifier of all) {
    for (const grant of await read(context, qualifier)) found.set(nameOf(grant), grant);
  }
  return [...found.values()];
}

/**
 * For the undo record: a policy that Lambda denies to have is asked for once more. What is missed here would be removed
 * all the same, by a reading that sees it, and no release would give it back.
 */
async function confirmedGrants(context: ActionContext, qualifier: string | undefined): Promise<Grant[]> {
  const grants = await readGrants(context, qualifier);
  return grants.length > 0 ? grants : readGrants(context, qualifier);
}

async function readGrants(context: ActionContext, Qualifier: string | undefined): Promise<Grant[]> {
  try {
    const { Policy } = await context.aws
      .of(LambdaClient)
      .send(new GetPolicyCommand({ FunctionName: functionName(context), Qualifier }));
    return Policy === undefined ? [] : grantsOf(Policy);
  } catch (error) {
    if (isNamed(error, 'ResourceNotFoundException')) return [];
    throw error;
  }
}

function saysOf({ statement }: Grant): string {
  return JSON.stringify({ ...statement, Sid: undefined, Resource: undefined });
}

function nameOf({ sid, qualifier }: Grant): string {
  return qualifier === null ? `'${sid}'` : `'${sid}' of '${qualifier}'`;
}

function same(a: Grant, b: Grant): boolean {
  return canonicalJson(a.statement) === canonicalJson(b.statement);
}
