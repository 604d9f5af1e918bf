import type { JsonObject } from '../../../lib/model/json';
import type { Action } from './action';
import { isDenied } from './denied';
import { persist } from './patience';
import type { Run } from './run';
import { changing, policyOf } from './run-credentials';
import type { SessionPolicy } from './session-policy';

/**
 * Makes one change with credentials that may do this and nothing else; gives what they were allowed.
 *
 * @throws the error of the change, and Error where a guard rail refuses what it would need.
 */
export async function makeChange(run: Run, action: Action, before: JsonObject): Promise<SessionPolicy | undefined> {
  const policy = policyOf(run, action, 'contain', [before]);
  const context = changing(run, action, 'contain', policy);
  try {
    await persist(() => action.contain(before, context));
    return policy;
  } catch (error) {
    if (!isDenied(error)) throw error;
    // What was added since the state was written down is not in the policy: it is looked at, and asked about as well.
    const now = await persist(() => action.read(run.context));
    const wider = policyOf(run, action, 'contain', [before, now]);
    if (wider?.sha256 === policy?.sha256) throw error;
    const anew = changing(run, action, 'contain', wider);
    await persist(() => action.contain(before, anew));
    return wider;
  }
}
