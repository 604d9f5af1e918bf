import type { Entity, EntityKind } from './entity';
import { matchesArn } from './guard-rails';

const PRINCIPALS: readonly EntityKind[] = ['user', 'role', 'role-session', 'federated', 'root'];

/**
 * The actor of an incident who is one of these principals (ARN patterns, `*` and `?` as in IAM), or undefined.
 * Whoever acted does not decide about it. What the caller could write freely accuses nobody.
 */
export function actorAmong(entities: readonly Entity[], principals: readonly string[]): string | undefined {
  return entities.find(
    ({ kind, role, trust, id }) =>
      role === 'actor' &&
      trust !== 'claimed' &&
      PRINCIPALS.includes(kind) &&
      principals.some((pattern) => matchesArn(pattern, id) || matchesArn(withoutPath(pattern), withoutPath(id))),
  )?.id;
}

/** A user's path is not part of its identity, and alerts that know only the name leave it out. */
function withoutPath(arn: string): string {
  return arn.replace(/:user\/.*\//, ':user/');
}
