import type { Released } from '../../../lambdas/contain/runbook-host/action';
import { errorText, isNamed } from '../../../lambdas/shared/aws-error';

/** One registration that is to be made again. */
export interface JoinOne {
  /** For people: `i-1:80 in web`. */
  readonly what: string;
  readonly join: () => Promise<unknown>;
}

/**
 * Registers each by itself: one that fails keeps the instance from no other. What was deleted meanwhile cannot be joined, and is a
 * task for a person.
 *
 * @throws Error that lists what failed otherwise, once every one was tried.
 */
export async function joinEach(joins: readonly JoinOne[]): Promise<Released> {
  const restored: string[] = [];
  const tasks: string[] = [];
  const failed: string[] = [];
  for (const { what, join } of joins) {
    try {
      await join();
      restored.push(`registered ${what}`);
    } catch (error) {
      if (isDeleted(error)) {
        tasks.push(`Not registered ${what}: it was deleted meanwhile; register the instance with what replaced it.`);
      } else failed.push(`${what}: ${errorText(error)}`);
    }
  }
  if (failed.length > 0) throw new Error(`not registered: ${failed.join('; ')}`);
  return { restored, tasks };
}

/** What Elastic Load Balancing says of a load balancer or target group that is not there, in each of its two versions. */
export function isDeleted(error: unknown): boolean {
  return isNamed(
    error,
    'LoadBalancerNotFound',
    'LoadBalancerNotFoundException',
    'AccessPointNotFound',
    'AccessPointNotFoundException',
    'TargetGroupNotFound',
    'TargetGroupNotFoundException',
  );
}
