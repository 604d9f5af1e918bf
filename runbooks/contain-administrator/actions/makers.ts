import { fromEnforceableAlerts } from '../../../lambdas/contain/shared/incident-alerts';
import { lookUpTrail } from '../../../lambdas/contain/shared/look-up-trail';
import type { ActionContext } from '../../../lambdas/contain/runbook-host/action';
import { isJsonObject, textAt, type Json, type JsonObject } from '../../../lib/model/json';
import { userName } from '../../disable-access-key/actions/user';

/** Somebody who made the user, gave it rights, or gave it a credential. */
export interface Maker {
  readonly kind: 'user' | 'role' | 'other';
  /** ARN of the user or role; of others, whatever AWS wrote about them. */
  readonly id: string;
  /** What was called, e.g. `AttachUserPolicy`. */
  readonly call: string;
  /** ISO 8601. */
  readonly at: string;
}

/** Calls after which somebody is an administrator who was none before, or has a way in. */
const MADE_BY = new Set([
  'CreateUser',
  'AttachUserPolicy',
  'PutUserPolicy',
  'AddUserToGroup',
  'PutUserPermissionsBoundary',
  'DeleteUserPermissionsBoundary',
  'CreateAccessKey',
  'CreateLoginProfile',
  'UpdateLoginProfile',
]);

/** Who made a user long ago has nothing to do with it. */
const HOURS = 24;

export interface FoundMakers {
  readonly makers: readonly Maker[];
  /** Time of the oldest event that was read, where CloudTrail has more: who made the user may stand in an older one. */
  readonly unreadBefore?: string;
}

/**
 * Who made the user what it is: out of the alerts of the incident, and out of CloudTrail of the last 24 hours, which
 * shows an event some minutes late. Each of them once, by its newest call; the user itself is left out.
 *
 * Of CloudTrail the newest events are read, and whoever makes many calls that name the user pushes older ones out.
 *
 * @throws Error of CloudTrail where it cannot be asked.
 */
export async function findMakers(context: ActionContext): Promise<FoundMakers> {
  const name = userName(context);
  const since = new Date(Date.parse(context.startedAt) - HOURS * 3_600_000);
  const attribute = { AttributeKey: 'ResourceName', AttributeValue: name } as const;
  const { events, more } = await lookUpTrail(context, attribute, { since });
  const looked = events.flatMap(({ CloudTrailEvent }) => parse(CloudTrailEvent));
  const makers = distinct([...(await alertedRecords(context)), ...looked], context, name);
  return { makers, ...(more && { unreadBefore: (events.at(-1)?.EventTime ?? since).toISOString() }) };
}

/** The same out of the alerts alone, which may have become more: for reading back. */
export async function alertedMakers(context: ActionContext): Promise<Maker[]> {
  return distinct(await alertedRecords(context), context, userName(context));
}

async function alertedRecords(context: ActionContext): Promise<JsonObject[]> {
  const name = userName(context);
  return fromEnforceableAlerts(context, ({ evidences, unmapped }) =>
    unmapped.firebreak.source === 'cloudtrail'
      ? evidences.map(({ data }) => data).filter((record) => makerOf(record, name) !== undefined)
      : [],
  );
}

function distinct(records: readonly JsonObject[], context: ActionContext, name: string): Maker[] {
  const found = new Map<string, Maker>();
  for (const record of records) {
    const maker = makerOf(record, name);
    if (maker === undefined) continue;
    if (
      maker.kind === 'user' &&
      maker.id.split('/').at(-1) === name &&
      maker.id.includes(`::${context.target.account}:`)
    )
      continue;
    const known = found.get(maker.id);
    if (known === undefined || known.at < maker.at) found.set(maker.id, maker);
  }
  return [...found.values()].sort((a, b) => (a.at < b.at ? 1 : -1));
}

/** Who made a call that made the user; undefined for every other record, and for calls that failed. */
export function makerOf(record: JsonObject, name: string): Maker | undefined {
  const call = textAt(record, 'eventName') ?? '';
  if (textAt(record, 'eventSource') !== 'iam.amazonaws.com' || !MADE_BY.has(call)) return undefined;
  if (textAt(record, 'requestParameters.userName') !== name) return undefined;
  if (isSaid(record['errorCode']) || isSaid(record['errorMessage'])) return undefined;
  const at = textAt(record, 'eventTime') ?? '';
  return { ...principal(record['userIdentity']), call, at };
}

function principal(identity: Json | undefined): Pick<Maker, 'kind' | 'id'> {
  const get = (path: string) => textAt(identity, path);
  const arn = get('arn');
  const issuer = get('sessionContext.sessionIssuer.arn');
  switch (get('type') ?? '') {
    case 'IAMUser':
      if (arn !== undefined) return { kind: 'user', id: arn };
      break;
    case 'FederatedUser':
      // GetFederationToken hands out what its user may do.
      if (issuer?.includes(':user/') === true) return { kind: 'user', id: issuer };
      break;
    case 'AssumedRole':
      if (issuer !== undefined) return { kind: 'role', id: issuer };
      break;
    case 'Role':
      if (arn !== undefined) return { kind: 'role', id: arn };
      break;
    default:
      break;
  }
  return { kind: 'other', id: arn ?? get('principalId') ?? get('invokedBy') ?? get('type') ?? 'somebody unnamed' };
}

function parse(text: string | undefined): JsonObject[] {
  if (text === undefined) return [];
  const parsed = JSON.parse(text) as Json;
  return isJsonObject(parsed) ? [parsed] : [];
}

/** CloudTrail leaves both out of calls that worked; some copies write null or nothing instead. */
function isSaid(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== '';
}
