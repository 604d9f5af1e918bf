import type { Event } from '@aws-sdk/client-cloudtrail';
import type { ActionContext } from '../../../lambdas/contain/runbook-host/action';
import { lookUpTrail } from '../../../lambdas/contain/shared/look-up-trail';
import { errorText } from '../../../lambdas/shared/aws-error';
import { at, isJsonObject, textAt, type Json } from '../../../lib/model/json';
import { actor, hasFailed, parseRecord, ruleIds } from './history';
import { isLaterAttempt, type Before } from './judge';
import { accessText, readOpenRules, type Rule } from './rules';

/** An execution that contains ends after two hours at most, and CloudTrail shows its calls minutes later. */
const SHOWN_AFTER_MS = 3 * 60 * 60 * 1000;
/** CloudTrail keeps 90 days. */
const KEPT_MS = 90 * 24 * 60 * 60 * 1000;

/**
 * What later attempts revoked is not in the undo record, which the first one wrote, and so nothing gives it back: people
 * are told of each rule, from the record that CloudTrail keeps of the revoking, and of what CloudTrail cannot tell.
 */
export async function revokedLater(before: Before, context: ActionContext): Promise<string[]> {
  if (!isLaterAttempt(before, context)) return [];
  const gaps: string[] = [];
  const found = new Map<string, string>();
  const given = before.choices.filter(({ revoke }) => revoke).map(({ rule }) => rule);
  // What was given back a moment ago may not be read yet.
  const open = new Set([...given, ...(await readOpenRules(context))].map(accessText));
  for (const event of await ownCalls(before, context, gaps)) {
    const revoked = revokedBy(event);
    if (revoked === undefined) continue;
    if (revoked.rules.size === 0) gaps.push(`it does not say what was revoked ${revoked.when}`);
    for (const [id, rule] of revoked.rules) {
      if (given.some((known) => known.id === id)) continue;
      if (rule !== undefined && open.has(accessText(rule))) continue;
      found.set(id, taskOf(id, rule, revoked.when));
    }
  }
  return [...found.values(), ...(gaps.length > 0 ? [gapTask(gaps, context)] : [])];
}

/** By the name of the session, which is the containment's: nobody else's calls on the group hide them. */
async function ownCalls(before: Before, context: ActionContext, gaps: string[]): Promise<readonly Event[]> {
  const { readAt } = before;
  const now = context.now().getTime();
  if (now - Date.parse(context.startedAt) < SHOWN_AFTER_MS) gaps.push('it may not show all of it yet');
  if (readAt === undefined || now - Date.parse(readAt) > KEPT_MS) gaps.push('it keeps 90 days');
  const session = { AttributeKey: 'Username', AttributeValue: context.containmentId } as const;
  try {
    const { events, more } = await lookUpTrail(
      context,
      session,
      readAt === undefined ? {} : { since: new Date(readAt) },
    );
    if (more) gaps.push(`only the newest ${events.length} calls were looked at`);
    return events;
  } catch (error) {
    // What the record knows is given back whether CloudTrail answers or not.
    gaps.push(errorText(error));
    return [];
  }
}

interface Revoked {
  readonly when: string;
  /** By id; undefined where CloudTrail does not say what the rule let in. */
  readonly rules: ReadonlyMap<string, Rule | undefined>;
}

/** Undefined where the call revoked nothing. */
function revokedBy({ EventName, EventTime, CloudTrailEvent }: Event): Revoked | undefined {
  if (EventName !== 'RevokeSecurityGroupIngress') return undefined;
  const record = parseRecord(CloudTrailEvent);
  if (record && hasFailed(record)) return undefined;
  const when = `on ${EventTime?.toISOString() ?? 'a day that it does not name'}${record ? ` by ${actor(record)}` : ''}`;
  const rules = new Map<string, Rule | undefined>();
  for (const id of ruleIds([record?.['requestParameters'], record?.['responseElements']])) rules.set(id, undefined);
  const items = at(record as Json | undefined, 'responseElements.revokedSecurityGroupRuleSet.items');
  for (const item of Array.isArray(items) ? items : []) {
    const rule = ruleOf(item);
    if (rule) rules.set(rule.id, rule);
  }
  return { when, rules };
}

function ruleOf(item: Json): Rule | undefined {
  const id = textAt(item, 'securityGroupRuleId');
  const value = textAt(item, 'cidrIpv4') ?? textAt(item, 'cidrIpv6') ?? textAt(item, 'prefixListId');
  if (id === undefined || value === undefined || !isJsonObject(item)) return undefined;
  const port = (name: string) => (typeof item[name] === 'number' ? item[name] : -1);
  return {
    id,
    protocol: textAt(item, 'ipProtocol') ?? '-1',
    from: port('fromPort'),
    to: port('toPort'),
    // Only its text is of use here, which says nothing of the kind.
    source: { kind: 'ipv4', value },
    description: textAt(item, 'description') ?? null,
    tags: {},
  };
}

function taskOf(id: string, rule: Rule | undefined, when: string): string {
  const what = rule ? `${accessText(rule)}${rule.description === null ? '' : ` ('${rule.description}')`}` : 'a rule';
  return `${what}, ${id}, was revoked ${when}, and the state before does not know it: it stays revoked. Authorise it by hand where it is wanted.`;
}

function gapTask(gaps: readonly string[], { startedAt, containmentId }: ActionContext): string {
  return `The attempt of ${startedAt} may have revoked rules that the state before does not know, and CloudTrail does not tell all of it: ${gaps.join('; ')}. Look there for RevokeSecurityGroupIngress by ${containmentId}, and authorise by hand what is wanted.`;
}
