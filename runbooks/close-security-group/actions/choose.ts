import type { Added } from './history';
import { accessText, type Rule } from './rules';

/** What is older was not part of the incident; long enough for people who start the runbook by hand. */
const RECENT_MS = 24 * 60 * 60 * 1000;
const WEB_PORTS = [80, 443];

/** A rule that is open to the world, what is done with it, and why. */
export type Choice = { readonly rule: Rule; readonly revoke: boolean; readonly because: string };

/**
 * Which open rules go. What the incident added, as far as CloudTrail knows it; what it shows to be older stays; what
 * it does not know goes unless it lets the world reach a web server and nothing else.
 *
 * @param startedAt when the containment was started; ISO 8601.
 */
export function choose(rules: readonly Rule[], added: ReadonlyMap<string, Added>, startedAt: string): Choice[] {
  const since = new Date(new Date(startedAt).getTime() - RECENT_MS).toISOString();
  return rules.map((rule) => ({ rule, ...decide(rule, added.get(rule.id), since) }));
}

function decide(rule: Rule, added: Added | undefined, since: string): Pick<Choice, 'revoke' | 'because'> {
  if (added) {
    const when = `${added.at} by ${added.by}`;
    return added.at >= since
      ? { revoke: true, because: `added or changed ${when}` }
      : { revoke: false, because: `there since ${when}` };
  }
  return isWeb(rule)
    ? { revoke: false, because: 'a web port, and CloudTrail does not say since when; a person decides' }
    : { revoke: true, because: 'CloudTrail does not say since when, and it is no web port' };
}

function isWeb({ protocol, from, to }: Rule): boolean {
  return (protocol === 'tcp' || protocol === '6') && from === to && WEB_PORTS.includes(from);
}

export function choiceText({ rule, because }: Choice): string {
  return `${rule.id} ${accessText(rule)} (${because})`;
}
