import { BlockList, isIP, isIPv6 } from 'node:net';
import { LEVELS, type Alert, type Level } from './alert';
import { arnOf } from './criticality';
import { matchesArn } from './guard-rails';

/**
 * Alerts that open no incident for a while: a maintenance window, a scanner of our own, an exception of a rule.
 * Somebody owns it, says why, and it ends.
 */
export interface Suppression {
  readonly name: string;
  /** Who answers for it. */
  readonly owner: string;
  readonly reason: string;
  /** ISO 8601; from the deploy on where absent. */
  readonly from?: string;
  /** ISO 8601. */
  readonly until: string;
  /** What is worse is never kept quiet. */
  readonly levelAtMost: Level;
  /** All that are given must hold; at least one is. */
  readonly when: {
    readonly rules?: readonly string[];
    /** ARN patterns of who acted; only as AWS attests it. */
    readonly principals?: readonly string[];
    /** ARN patterns of what was acted upon. */
    readonly resources?: readonly string[];
    /** Addresses or CIDR blocks that the call came from, as CloudTrail or a finding says it. */
    readonly addresses?: readonly string[];
    readonly accounts?: readonly string[];
  };
}

/** The suppression that keeps an alert quiet now, if there is one. */
export function suppressionOf(alert: Alert, all: readonly Suppression[], now: Date): Suppression | undefined {
  return all.find((suppression) => isNow(suppression, now) && covers(suppression, alert));
}

function isNow({ from, until }: Suppression, now: Date): boolean {
  const at = now.getTime();
  return (from === undefined || Date.parse(from) <= at) && at < Date.parse(until);
}

function covers({ levelAtMost, when }: Suppression, alert: Alert): boolean {
  const { entities } = alert.unmapped.firebreak;
  if (LEVELS.indexOf(alert.severity) > LEVELS.indexOf(levelAtMost)) return false;
  if (when.rules && !when.rules.includes(alert.finding_info.analytic.uid)) return false;
  if (when.accounts && !when.accounts.includes(alert.cloud.account.uid)) return false;
  const addresses = entities.filter(({ kind, trust }) => kind === 'address' && trust !== 'claimed');
  if (when.addresses && !addresses.some(({ id }) => isWithin(id, when.addresses ?? []))) return false;
  // Who acted is believed from AWS alone: everybody can write a name into a request.
  const actors = entities.filter(({ role, trust }) => role === 'actor' && trust === 'attested');
  if (when.principals && !some(actors.map(arnOf), when.principals)) return false;
  const targets = entities.filter(({ role }) => role === 'target');
  // Every target, or an attacker would name a harmless one beside the one that counts.
  if (when.resources && !(targets.length > 0 && targets.every((one) => some([arnOf(one)], when.resources ?? [])))) {
    return false;
  }
  return true;
}

function some(arns: readonly string[], patterns: readonly string[]): boolean {
  return arns.some((arn) => patterns.some((pattern) => matchesArn(pattern, arn)));
}

/** CloudTrail also writes names of services where an address stands: they are within nothing. */
function isWithin(address: string, blocks: readonly string[]): boolean {
  if (isIP(address) === 0) return false;
  const list = new BlockList();
  for (const block of blocks) {
    const [net = '', prefix] = block.split('/');
    const family = isIPv6(net) ? 'ipv6' : 'ipv4';
    list.addSubnet(net, Number(prefix ?? (family === 'ipv6' ? 128 : 32)), family);
  }
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
