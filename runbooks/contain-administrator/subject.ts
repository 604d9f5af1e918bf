import type { SubjectContext, Touched } from '../../lambdas/contain/guard-rails/subject';
import { subjectOf as userSubject } from '../disable-access-key/subject';

/**
 * The administrator alone. Who made it is found later, and asked about by itself: a creator who is protected must not keep
 * the administrator from being contained.
 */
export async function subjectOf(context: SubjectContext): Promise<Touched> {
  const { kind, id } = context.target;
  if (kind !== 'user') throw new Error(`'${id}' is a ${kind}; this runbook contains a user who was made administrator`);
  return userSubject(context);
}
