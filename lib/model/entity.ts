/**
 * What an alert is about. Kinds are those that a response plan can name and a runbook can contain.
 *
 * `user`, `role`, `root` and `federated` are principals; the others are resources, credentials and addresses.
 */
export const ENTITY_KINDS = [
  'user',
  'role',
  'root',
  'federated',
  'service',
  'access-key',
  'role-session',
  'instance',
  'network-interface',
  'bucket',
  'function',
  'key',
  'security-group',
  'snapshot',
  'trail',
  'detector',
  'account',
  'address',
] as const;
export type EntityKind = (typeof ENTITY_KINDS)[number];

/**
 * Who says so. Trust is per field, because attackers write most of a record.
 *
 * - `attested`: AWS itself wrote it: `userIdentity` of a CloudTrail record, failed calls included.
 * - `confirmed`: parameters or results of a call that succeeded: the thing exists, but the caller chose which.
 * - `finding`: an AWS detection service named it.
 * - `claimed`: parameters of a failed call, application logs, samples. Never contained.
 */
export const TRUSTS = ['attested', 'confirmed', 'finding', 'claimed'] as const;
export type Trust = (typeof TRUSTS)[number];

export interface Entity {
  readonly kind: EntityKind;
  /** The ARN where AWS has one, else the bare id (access key id, address, session ARN). At most 2,048 characters. */
  readonly id: string;
  readonly account: string;
  readonly region: string;
  /** Did it act, or was it acted upon? */
  readonly role: 'actor' | 'target';
  readonly trust: Trust;
  /** The field of the event that named it, for people who doubt it. */
  readonly path: string;
}

/** Kinds that tie alerts into one incident. Addresses and accounts only link: a NAT gateway would join everything. */
const STRONG: ReadonlySet<EntityKind> = new Set<EntityKind>([
  'user',
  'role',
  'root',
  'federated',
  'access-key',
  'role-session',
  'instance',
  'bucket',
  'function',
  'key',
  'snapshot',
]);

export function isStrong(entity: Entity): boolean {
  return STRONG.has(entity.kind) && entity.trust !== 'claimed';
}

/** Identity of an entity across alerts: the same thing, whoever named it. */
export function entityKey(entity: Pick<Entity, 'kind' | 'id' | 'account' | 'region'>): string {
  return `${entity.kind}|${entity.account}|${entity.region}|${entity.id}`;
}
