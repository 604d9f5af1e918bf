import type { Event } from '@aws-sdk/client-cloudtrail';
import type { ActionContext } from '../../../lambdas/contain/runbook-host/action';
import { fromEnforceableAlerts } from '../../../lambdas/contain/shared/incident-alerts';
import { lookUpTrail, type TrailPages } from '../../../lambdas/contain/shared/look-up-trail';
import { textAt, type JsonObject } from '../../../lib/model/json';
import { groupId } from './group';

const ADDS = new Set(['AuthorizeSecurityGroupIngress', 'ModifySecurityGroupRules']);

/** Who made a rule what it is, and when. */
export type Added = { readonly at: string; readonly by: string };

/** What is known of the beginnings of rules. */
export interface History {
  /** By the id of the rule. */
  readonly added: ReadonlyMap<string, Added>;
  /** True where CloudTrail knows more of the group than was read. */
  readonly more: boolean;
}

/**
 * By CloudTrail, and by the records that the alerts of the incident hold: the call that an alert was raised for is known
 * although CloudTrail cannot be asked for it yet, or shows it behind whatever else was called since.
 */
export async function historyOf(context: ActionContext): Promise<History> {
  const { events, more } = await readHistory(context);
  return { added: addedRules([...events, ...(await alertedCalls(context))]), more };
}

/** What CloudTrail knows of a group, newest first; the last 90 days, minutes late. */
export function readHistory(context: ActionContext): Promise<TrailPages> {
  return lookUpTrail(context, { AttributeKey: 'ResourceName', AttributeValue: groupId(context) });
}

/** By the id of the rule: the last call that succeeded in adding or changing it. */
export function addedRules(events: readonly Event[]): Map<string, Added> {
  const added = new Map<string, Added>();
  for (const { EventName, EventTime, CloudTrailEvent } of events) {
    if (!ADDS.has(EventName ?? '') || EventTime === undefined) continue;
    const record = parseRecord(CloudTrailEvent);
    if (!record || hasFailed(record)) continue;
    const at = EventTime.toISOString();
    for (const id of ruleIds([record['requestParameters'], record['responseElements']])) {
      const known = added.get(id);
      if (!known || known.at < at) added.set(id, { at, by: actor(record) });
    }
  }
  return added;
}

function alertedCalls(context: ActionContext): Promise<Event[]> {
  return fromEnforceableAlerts(context, ({ evidences, unmapped }) =>
    unmapped.firebreak.source === 'cloudtrail' ? evidences.flatMap(({ data }) => callOf(data)) : [],
  );
}

/** A record as a look into CloudTrail gives it. */
function callOf(record: JsonObject): Event[] {
  const name = textAt(record, 'eventName') ?? '';
  const time = new Date(textAt(record, 'eventTime') ?? '');
  if (textAt(record, 'eventSource') !== 'ec2.amazonaws.com' || !ADDS.has(name)) return [];
  if (Number.isNaN(time.getTime())) return [];
  return [{ EventName: name, EventTime: time, CloudTrailEvent: JSON.stringify(record) }];
}

/** Only under the name that AWS gives an id: descriptions, which callers write, may hold anything. */
export function ruleIds(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(ruleIds);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    /^securityGroupRuleId$/i.test(key) && typeof inner === 'string' ? [inner] : ruleIds(inner),
  );
}

export function parseRecord(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const record: unknown = JSON.parse(text ?? '');
    return typeof record === 'object' && record !== null ? (record as Record<string, unknown>) : undefined;
  } catch {
    // Not a record: then it says nothing about any rule, and the rule counts as unknown.
    return undefined;
  }
}

export function hasFailed(record: Record<string, unknown>): boolean {
  return typeof record['errorCode'] === 'string' && record['errorCode'] !== '';
}

export function actor(record: Record<string, unknown>): string {
  const identity = record['userIdentity'] as { arn?: unknown; invokedBy?: unknown } | undefined;
  const name = identity?.arn ?? identity?.invokedBy;
  return typeof name === 'string' ? name : 'somebody whom CloudTrail does not name';
}
