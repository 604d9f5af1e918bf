import type { Added, History } from './history';
import { accessText, type Rule } from './rules';

/** What is older was not part of the incident; long enough for people who start the runbook by hand. */
const RECENT_MS = 24 * 60 * 60 * 1000;
const WEB_PORTS = [80, 443];

/** A rule that is open to the world, what is done with it, and why. */
export type Choice = { readonly rule: Rule; readonly revoke: boolean; readonly because: string };

/**
 * Which open rules go. What the incident added, as far as CloudTrail knows it; what it shows to be older stays; what
 * it does not know goes unless it lets the world reach a web server and nothing else. Where not all was read of what it
 * knows, what it does not know stays: anybody can make calls enough that the beginning of a rule is behind them.
 *
 * @param startedAt when the containment was started; ISO 8601.
 */
export function choose(rules: readonly Rule[], history: History, startedAt: string): Choice[] {
  return rules.map((rule) => ({ rule, ...decide(rule, history.added.get(rule.id), history.more, startedAt) }));
}

/** Whether a time is so late that what began then is part of the incident. */
export function isRecent(at: string, startedAt: string): boolean {
  return at >= new Date(new Date(startedAt).getTime() - RECENT_MS).toISOString();
}

function decide(
  rule: Rule,
  added: Added | undefined,
  more: boolean,
  startedAt: string,
): Pick<Choice, 'revoke' | 'because'> {
  if (added) {
    const when = `${added.at} by ${added.by}`;
    return isRecent(added.at, startedAt)
      ? { revoke: true, because: `added or changed ${when}` }
      : { revoke: false, because: `there since ${when}` };
  }
  if (more) {
    return {
      revoke: false,
      because:
        'CloudTrail knows more of the group than was read, and what was read does not say since when; a person decides',
    };
  }
  return isWeb(rule)
    ? { revoke: false, because: 'a web port, and CloudTrail does not say since when; a person decides' }
    : { revoke: true, because: 'CloudTrail does not say since when, and it is no web port' };
}

function isWeb({ protocol, from, to }: Rule): boolean {
  return (protocol === 'tcp' || protocol === '6') && from === to && WEB_PORTS.includes(from);
}

function choiceText({ rule, because }: Choice): string {
  return `${rule.id} ${accessText(rule)} (${because})`;
}

/** What a sentence says of the rules that stay; empty where there are none. */
export function keptText(choices: readonly Choice[]): string {
  const kept = choices.filter(({ revoke }) => !revoke);
  return kept.length === 0 ? '' : `; left as they are: ${kept.map(choiceText).join(', ')}`;
}
