import { createHash, randomBytes } from 'node:crypto';
import type { Target } from './plan';

export function sha256(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The same rule on the same event is the same alert, by whichever way and however often it comes. */
export function alertId(ruleId: string, eventId: string): string {
  return `alr-${sha256(JSON.stringify([ruleId, eventId])).slice(0, 32)}`;
}

/** `inc-` + milliseconds in base 36 + 64 random bits: sorts by time. */
export function newIncidentId(now: Date): string {
  return `inc-${now.getTime().toString(36).padStart(9, '0')}-${randomBytes(8).toString('hex').slice(0, 10)}`;
}

/**
 * One runbook on one target is one containment, however many incidents want it, and by whichever of its names: most
 * events know a user or role without its path, and names are unique in an account.
 */
export function containmentId(runbook: string, target: Target): string {
  const id = target.id.replace(/^(arn:[^:]+:iam::\d*:(?:user|role)\/)(?:.*\/)/, '$1');
  const key = JSON.stringify([runbook, target.kind, target.account, target.region, id]);
  return `con-${sha256(key).slice(0, 32)}`;
}

/** Execution names are at most 80 characters of `[A-Za-z0-9_-]`. */
export function executionName(subject: string, attempt: number): string {
  return `${subject.slice(0, 70)}-${attempt}`;
}
