import type { Entity, EntityKind, Trust } from '../../../../lib/model/entity';
import type { Event } from '../../../../lib/model/event';
import { partitionOf } from '../../../../lib/model/partition';
import { globalRegion, parseArn } from './arn';

/** Kinds of IAM, which has no Regions. */
const GLOBAL: ReadonlySet<EntityKind> = new Set<EntityKind>([
  'user',
  'role',
  'root',
  'federated',
  'access-key',
  'role-session',
  'account',
  'service',
  'address',
]);
const MAX_ID = 2_048;

/** Where an event's names live when they do not say so themselves. */
export interface Scope {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
}

export function scopeOf(event: Event): Scope {
  return { partition: partitionOf(event.region), account: event.account, region: event.region };
}

/** One entity; account and Region are those of its ARN where that says them. */
export function entity(
  scope: Scope,
  kind: EntityKind,
  id: string,
  about: {
    readonly role: Entity['role'];
    readonly trust: Trust;
    readonly path: string;
    readonly account?: string | undefined;
  },
): Entity {
  const arn = parseArn(id);
  const fallback = about.account ?? scope.account;
  return {
    kind,
    id: id.slice(0, MAX_ID),
    account: arn?.account === undefined || arn.account === '' ? fallback : arn.account,
    region: GLOBAL.has(kind) ? globalRegion(arn?.partition ?? scope.partition) : arn?.region || scope.region,
    role: about.role,
    trust: about.trust,
    path: about.path,
  };
}
