import { fromEnforceableAlerts } from '../../../lambdas/contain/shared/incident-alerts';
import type { ActionContext } from '../../../lambdas/contain/runbook-host/action';
import type { Alert } from '../../../lib/model/alert';
import { textAt, type JsonObject } from '../../../lib/model/json';
import { roleName } from './role';

/** Which sessions of a role are denied. */
export interface Scope {
  /** Ids of instances whose credentials are denied, old and new ones. Sorted. */
  readonly instances: string[];
  /** Every session of the role, whoever has it. */
  readonly all: boolean;
}

const INSTANCE = /^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;

/**
 * Only where every alert about the role says by AWS's own word that the session was issued to an instance is the deny
 * narrowed to those instances. One alert about another session, or none at all, and every session is denied.
 */
export async function readScope(context: ActionContext): Promise<Scope> {
  return scopeOf(await fromEnforceableAlerts(context, (alert) => sessionsIn(alert, roleName(context))));
}

/** To which instances the sessions were issued, undefined for each that was issued to something else. */
function scopeOf(issuedTo: readonly (string | undefined)[]): Scope {
  const instances = [...new Set(issuedTo.filter((id) => id !== undefined))].sort();
  return { instances, all: issuedTo.length === 0 || issuedTo.includes(undefined) };
}

/** What an alert says of each session of the role in it. */
function sessionsIn(alert: Alert, role: string): (string | undefined)[] {
  return alert.unmapped.firebreak.entities
    .filter(({ kind, id, trust }) => kind === 'role' && trust !== 'claimed' && id.split('/').at(-1) === role)
    .map((entity) => (entity.role === 'actor' ? instanceOf(alert) : undefined));
}

/**
 * The instance to which the session of an event was issued. The name of a session proves nothing, because whoever
 * assumes a role chooses it; what AWS writes beside it does.
 */
function instanceOf({ evidences, unmapped }: Alert): string | undefined {
  const record = evidences[0]?.data;
  if (record === undefined) return undefined;
  switch (unmapped.firebreak.source) {
    case 'cloudtrail':
      return ofRecord(record);
    case 'guardduty':
      return ofFinding(record);
    case 'application':
      return undefined;
  }
}

function ofRecord(record: JsonObject): string | undefined {
  const get = (path: string) => textAt(record, `userIdentity.${path}`);
  if (get('inScopeOf.issuerType') === 'AWS::EC2::Instance') return instance(get('inScopeOf.credentialsIssuedTo'));
  // Only credentials that the instance metadata service hands out carry this mark; their session is named after it.
  return get('sessionContext.ec2RoleDelivery') === undefined ? undefined : instance(get('arn'));
}

/** A finding names the instance, and the session by `<role id>:<session name>`. */
function ofFinding(record: JsonObject): string | undefined {
  const session = instance(textAt(record, 'resource.accessKeyDetails.principalId')?.replace(':', '/'));
  return session === textAt(record, 'resource.instanceDetails.instanceId') ? session : undefined;
}

function instance(arn: string | undefined): string | undefined {
  const id = arn?.split('/').at(-1) ?? '';
  return INSTANCE.test(id) ? id : undefined;
}
