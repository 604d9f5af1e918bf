import type { Alert } from './alert';
import type { Entity } from './entity';
import { instanceArn, matchesArn } from './guard-rails';
import type { Impact } from './severity';

/** Kinds of data whose loss has to be told to others, and to whom differs. */
export const DATA_KINDS = ['personal', 'health', 'payment', 'financial', 'secret'] as const;
export type DataKind = (typeof DATA_KINDS)[number];

/** Assets that weigh more, or less, than others. What is said here stands in the deployment, where no attacker writes. */
export interface AssetGroup {
  readonly name: string;
  readonly criticality: Impact;
  /** Account ids. */
  readonly accounts?: readonly string[];
  /** ARN patterns, `*` and `?` as in IAM. They only raise: an attacker can choose a name that looks harmless. */
  readonly resources?: readonly string[];
  /** What lies there. */
  readonly data?: readonly DataKind[];
}

/** What the configuration says about the things that an alert is about. */
export interface Weight {
  readonly impact: Impact;
  /** Names of the groups that count, in the order of the configuration. */
  readonly groups: readonly string[];
  readonly data: readonly DataKind[];
}

/**
 * How much is at stake: the most critical group of any entity that AWS attests, or of the account. Without any, the
 * impact is middle; it is low where only an attacker's word names what it is about, or where the whole account is of
 * little weight. Of a finding it is AWS that says that something is wrong, even where it names nothing that we know, as
 * with a task in a cluster: its account decides.
 */
export function weigh(alert: Alert, groups: readonly AssetGroup[]): Weight {
  const entities = alert.unmapped.firebreak.entities.filter(({ trust }) => trust !== 'claimed');
  if (entities.length === 0 && alert.unmapped.firebreak.source !== 'guardduty')
    return { impact: 'low', groups: [], data: [] };
  const accounts = new Set([alert.cloud.account.uid]);
  const hit = groups.filter((group) => holds(group, entities, accounts));
  // A name lowers nothing, and neither does an account together with one that is more critical.
  const counted = hit.filter(
    ({ criticality, accounts: own }) => criticality !== 'low' || (own ?? []).includes(alert.cloud.account.uid),
  );
  return {
    impact: highest(counted.map(({ criticality }) => criticality)),
    groups: counted.map(({ name }) => name),
    data: [...new Set(counted.flatMap(({ data }) => data ?? []))],
  };
}

function holds(group: AssetGroup, entities: readonly Entity[], accounts: ReadonlySet<string>): boolean {
  if (group.accounts?.some((account) => accounts.has(account))) return true;
  const patterns = group.resources ?? [];
  return entities.some((entity) => patterns.some((pattern) => matchesArn(pattern, arnOf(entity))));
}

function highest(found: readonly Impact[]): Impact {
  if (found.includes('high')) return 'high';
  return found.length > 0 && found.every((impact) => impact === 'low') ? 'low' : 'medium';
}

/** Entities that events name by a bare id get the ARN that a pattern expects. */
export function arnOf(entity: Entity): string {
  return entity.kind === 'instance' ? instanceArn(entity) : entity.id;
}
