import type { Action, ActionContext, ChangeContext } from '../../../lambdas/contain/runbook-host/action';
import type { EntityKind } from '../../../lib/model/entity';
import { QUARANTINE_POLICY_NAME_PARAMETER } from '../../disable-access-key/actions/deny-everything';
import { policyName } from '../../revoke-role-sessions/actions/role-policies';

/** The same context, for somebody else, under the name that this containment's own deny has. */
export function about<Context extends ActionContext>(context: Context, kind?: EntityKind, id?: string): Context {
  const target = kind === undefined || id === undefined ? context.target : { ...context.target, kind, id };
  const parameters = { ...context.parameters, [QUARANTINE_POLICY_NAME_PARAMETER]: policyName(context) };
  return { ...context, target, parameters };
}

/**
 * An action of another runbook as a part of this one. `disable-access-key` may hold the same user: its deny is called
 * `FirebreakQuarantine`, this one after its containment, and each release takes away its own.
 */
export function asPart(part: Action): Action {
  const as = <Context extends ActionContext>(context: Context): Context => about(context);
  return {
    id: part.id,
    read: (context) => part.read(as(context)),
    changes: (before, context) => part.changes(before, as(context)),
    permissions: (before, context, step) => part.permissions(before, as(context), step),
    contain: (before, context: ChangeContext) => part.contain(before, as(context)),
    verify: (before, context) => part.verify(before, as(context)),
    release: (before, context: ChangeContext, options) => part.release(before, as(context), options),
    verifyReleased: (before, context, options) => part.verifyReleased(before, as(context), options),
  };
}
