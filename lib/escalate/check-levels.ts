import { type Duration, Token } from 'aws-cdk-lib';
import type { EscalationLevel } from './escalation-level';
import { ACKNOWLEDGE_WITHIN_MINUTES, MAX_LEVEL_NAME, MAX_RECIPIENTS, MAX_REPEATS } from './limits';
import type { Rotation } from './rotation';
import type { Recipient } from './recipient';

const LEVEL_NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._'-]*$/u;

/** @throws Error that names the level, what was received and what to do. */
export function checkLevels(chain: string, levels: readonly EscalationLevel[]): void {
  if (levels.length === 0)
    throw new Error(`escalation chain '${chain}' has no levels; add at least one with a recipient`);
  const names = new Set<string>();
  for (const level of levels) {
    checkName(chain, level.name);
    const name = level.name.toLowerCase();
    if (names.has(name)) {
      throw new Error(
        `escalation chain '${chain}' has two levels called '${level.name}'; give each level a name of its own`,
      );
    }
    names.add(name);
    const where = `level '${level.name}' of escalation chain '${chain}'`;
    checkRecipients(where, level.recipients, level.rotation);
    checkTime(where, 'acknowledgeWithin', level.acknowledgeWithin);
    for (const [severity, within] of Object.entries(level.acknowledgeWithinBySeverity ?? {})) {
      if (within) checkTime(where, `acknowledgeWithinBySeverity.${severity}`, within as Duration);
    }
    checkRepeats(where, level.repeats ?? 0);
  }
}

function checkName(chain: string, name: string): void {
  if (!Token.isUnresolved(name) && LEVEL_NAME.test(name) && name.length <= MAX_LEVEL_NAME) return;
  throw new Error(
    `escalation chain '${chain}': '${name}' is not a name for a level; use 1 to ${MAX_LEVEL_NAME} letters, digits, ` +
      "spaces and the characters - _ . ', starting with a letter or digit",
  );
}

function checkRecipients(where: string, recipients: readonly Recipient[], rotation?: Rotation): void {
  if (recipients.length === 0 && !rotation) {
    throw new Error(
      `${where} has no recipients; add one, e.g. Recipient.email('oncall@example.com'), or remove the level`,
    );
  }
  if (recipients.length > MAX_RECIPIENTS) {
    throw new Error(
      `${where} has ${recipients.length} recipients, at most ${MAX_RECIPIENTS} can be paged at once; ` +
        'page a mailing list or a topic, or move some to the next level',
    );
  }
  const seen = new Set<string>();
  for (const recipient of recipients) {
    const key = `${recipient._kind} ${recipient._key}`;
    if (seen.has(key)) throw new Error(`${where} names the recipient '${recipient.label}' twice; remove one`);
    seen.add(key);
  }
}

function checkTime(where: string, name: string, within: Duration): void {
  if (within.isUnresolved()) return;
  const { min, max } = ACKNOWLEDGE_WITHIN_MINUTES;
  const seconds = within.toSeconds();
  if (seconds < min * 60) {
    throw new Error(
      `'${name}' of ${where} must be at least ${min} minute, got ${within.toHumanString()}; ` +
        'raise it or remove the level',
    );
  }
  if (seconds > max * 60) {
    throw new Error(
      `'${name}' of ${where} must be at most ${max} minutes, got ${within.toHumanString()}; ` +
        'lower it: nobody else is paged until it is over',
    );
  }
}

function checkRepeats(where: string, repeats: number): void {
  if (Token.isUnresolved(repeats) || (Number.isInteger(repeats) && repeats >= 0 && repeats <= MAX_REPEATS)) return;
  throw new Error(
    `'repeats' of ${where} must be a whole number from 0 to ${MAX_REPEATS}, got ${repeats}; ` +
      'add a level where more pages are needed',
  );
}
