import { isJsonObject, type Json, type JsonObject } from '../../../lib/model/json';
import { samePolicy } from '../../../lib/model/policy-document';
import { readTrust } from './trust';
import type { Scope } from './scope';

/** What a role's deny has to say. */
export interface Wanted {
  readonly scope: Scope;
  /** Where whoever had a session can ask for the next one, those are denied too. */
  readonly newSessions: boolean;
  readonly partition: string;
  readonly account: string;
}

export function wantedFor(scope: Scope, trust: string, place: { partition: string; account: string }): Wanted {
  return { scope, newSessions: scope.all && readTrust(trust).others.length > 0, ...place };
}

/**
 * One document for old and new sessions.
 *
 * A time alone stops no one who can assume the role again, and an edit of the trust policy stops no one who has a
 * session. So new sessions are denied here as well, by what AWS says about them: credentials that were issued to an
 * instance or to a function go on, all others do not. The trust policy stays as it is: whoever may edit trust policies
 * may become anybody, and no role of Firebreak may.
 */
export function denyDocument({ scope, newSessions, partition, account }: Wanted, before: string): string {
  const statement = (Sid: string, Condition: Json): JsonObject => ({
    Sid,
    Effect: 'Deny',
    Action: '*',
    Resource: '*',
    Condition,
  });
  const instances = scope.instances.map((id) => `arn:${partition}:ec2:*:${account}:instance/${id}`);
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      // Ids of instances are unique over all Regions, and a call does not say in which its instance is.
      ...(instances.length > 0
        ? [statement('FirebreakInstances', { ArnLike: { 'ec2:SourceInstanceARN': instances } })]
        : []),
      ...(scope.all ? [statement('FirebreakOldSessions', { DateLessThan: { 'aws:TokenIssueTime': before } })] : []),
      ...(newSessions
        ? [
            statement('FirebreakNewSessions', {
              Null: { 'ec2:SourceInstanceARN': 'true', 'lambda:SourceFunctionArn': 'true' },
            }),
          ]
        : []),
    ],
  });
}

/** Does a document say what is wanted, of all sessions that were issued before a time? */
export function denies(document: string | null, wanted: Wanted, startedAt: string): boolean {
  if (document === null) return false;
  if (!wanted.scope.all) return samePolicy(document, denyDocument(wanted, ''));
  const before = timeIn(document);
  return before !== undefined && before >= startedAt && samePolicy(document, denyDocument(wanted, before));
}

/** Issue times are whole seconds: what was issued in this very second is an old session too. */
export function cutOff(now: Date, startedAt: string): string {
  const latest = Math.max(now.getTime(), Date.parse(startedAt));
  return new Date(Math.ceil((latest + 1) / 1000) * 1000).toISOString();
}

function timeIn(document: string): string | undefined {
  let parsed: Json;
  try {
    parsed = JSON.parse(document) as Json;
  } catch {
    // What is not JSON is no policy of ours.
    return undefined;
  }
  const statements = isJsonObject(parsed) && Array.isArray(parsed['Statement']) ? parsed['Statement'] : [];
  const old = statements.filter(isJsonObject).find(({ Sid }) => Sid === 'FirebreakOldSessions');
  const condition = old?.['Condition'];
  const date = isJsonObject(condition) ? condition['DateLessThan'] : undefined;
  const time = isJsonObject(date) ? date['aws:TokenIssueTime'] : undefined;
  return typeof time === 'string' ? time : undefined;
}
