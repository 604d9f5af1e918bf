import type { Event } from '@aws-sdk/client-cloudtrail';
import type { ActionContext } from '../../../lambdas/contain/runbook-host/action';
import { lookUpTrail, type TrailPages } from '../../../lambdas/contain/shared/look-up-trail';
import { groupId } from './group';

const ADDS = new Set(['AuthorizeSecurityGroupIngress', 'ModifySecurityGroupRules']);

/** Who made a rule what it is, and when. */
export type Added = { readonly at: string; readonly by: string };

/** What CloudTrail knows of a group, newest first; the last 90 days, minutes late. */
export function readHistory(context: ActionContext): Promise<TrailPages> {
  return lookUpTrail(context, { AttributeKey: 'ResourceName', AttributeValue: groupId(context) });
}

/** By the id of the rule: the last call that succeeded in adding or changing it. */
export function addedRules(events: readonly Event[]): Map<string, Added> {
  const added = new Map<string, Added>();
  for (const { EventName, EventTime, CloudTrailEvent } of events) {
    if (!ADDS.has(EventName ?? '') || EventTime === undefined) continue;
    const record = parse(CloudTrailEvent);
    if (!record || hasFailed(record)) continue;
    const at = EventTime.toISOString();
    for (const id of ruleIds([record['requestParameters'], record['responseElements']])) {
      const known = added.get(id);
      if (!known || known.at < at) added.set(id, { at, by: actor(record) });
    }
  }
  return added;
}

/** Only under the name that AWS gives an id: descriptions, which callers write, may hold anything. */
function ruleIds(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(ruleIds);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    /^securityGroupRuleId$/i.test(key) && typeof inner === 'string' ? [inner] : ruleIds(inner),
  );
}

function parse(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const record: unknown = JSON.parse(text ?? '');
    return typeof record === 'object' && record !== null ? (record as Record<string, unknown>) : undefined;
  } catch {
    // Not a record: then it says nothing about any rule, and the rule counts as unknown.
    return undefined;
  }
}

function hasFailed(record: Record<string, unknown>): boolean {
  return typeof record['errorCode'] === 'string' && record['errorCode'] !== '';
}

function actor(record: Record<string, unknown>): string {
  const identity = record['userIdentity'] as { arn?: unknown; invokedBy?: unknown } | undefined;
  const name = identity?.arn ?? identity?.invokedBy;
  return typeof name === 'string' ? name : 'somebody whom CloudTrail does not name';
}
