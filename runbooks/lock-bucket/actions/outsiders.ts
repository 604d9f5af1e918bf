import { canonicalJson } from '../../../lib/model/canonical-json';
import { isJsonObject, type Json, type JsonObject } from '../../../lib/model/json';
import { meaningOf } from './same-statement';

/** S3 takes a bucket policy of 20 KB. */
const MAX_POLICY_BYTES = 20_480;

/** Names of our statements; part of what release looks for, so they never change. */
const SIDS = ['FirebreakOutsiders', 'FirebreakForeignServices'];

/**
 * Denies the bucket to everybody who is not of its own account, named or anonymous, and to AWS services that read it for
 * another account, e.g. a foreign CloudFront distribution. Services of the own account go on, and so do those that
 * write logs for others: a deny on them would stop logging.
 */
export function outsiderStatements(bucketArn: string, account: string): JsonObject[] {
  const Resource = [bucketArn, `${bucketArn}/*`];
  return [
    {
      Sid: 'FirebreakOutsiders',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource,
      Condition: {
        // Neither key is there in anonymous requests: both conditions hold then.
        StringNotEquals: { 'aws:PrincipalAccount': account },
        BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
      },
    },
    {
      Sid: 'FirebreakForeignServices',
      Effect: 'Deny',
      Principal: '*',
      NotAction: ['s3:PutObject', 's3:GetBucketAcl'],
      Resource,
      Condition: {
        Bool: { 'aws:PrincipalIsAWSService': 'true' },
        StringNotEquals: { 'aws:SourceAccount': account },
        Null: { 'aws:SourceAccount': 'false' },
      },
    },
  ];
}

/**
 * The policy that is there with our statements added: as it is, if it fits and S3 takes it; else without what opens
 * the bucket to everybody, which S3 refuses while public policies are blocked; else with nothing but its denies. The first is
 * wanted most. None leaves out a Deny of the owner, which is all that keeps some principals of the account out; where even
 * those leave no room, none is there to be tried.
 */
export function lockedPolicies(current: string | null, bucketArn: string, account: string): string[] {
  return variants(current, bucketArn, account).filter((text) => bytesOver(text) <= 0);
}

/** Why there is no policy to be tried, and what a person can do about it. */
export function whyNoRoom(current: string | null, bucketArn: string, account: string): string {
  const over = Math.min(...variants(current, bucketArn, account).map(bytesOver));
  return `the policy of ${bucketArn} has no room for the statements of Firebreak: its own Deny statements, of which none is left out, make it ${MAX_POLICY_BYTES + over} bytes, and S3 takes ${MAX_POLICY_BYTES}. Nothing was changed: join or shorten its Deny statements by ${over} bytes, then contain it again`;
}

function variants(current: string | null, bucketArn: string, account: string): string[] {
  const { statements } = parse(current);
  const others = statements.filter((statement) => !isOurs(statement));
  return [
    others,
    others.filter((statement) => !opensToAll(statement)),
    others.filter((statement) => !allows(statement)),
  ]
    .map((kept) => withOurs(current, kept, bucketArn, account))
    .filter((text, index, all) => all.indexOf(text) === index);
}

function withOurs(current: string | null, kept: readonly Json[], bucketArn: string, account: string): string {
  const { rest } = parse(current);
  return JSON.stringify({ ...rest, Statement: [...kept, ...outsiderStatements(bucketArn, account)] });
}

function bytesOver(policy: string): number {
  return Buffer.byteLength(policy) - MAX_POLICY_BYTES;
}

/** Are our statements in force, as they were written? */
export function isLocked(current: string | null, bucketArn: string, account: string): boolean {
  const there = parse(current).statements.map(meaningOf);
  return outsiderStatements(bucketArn, account).every((ours) => there.includes(meaningOf(ours)));
}

/** What a policy says without our statements; null where nothing is left. */
export function withoutOurs(current: string | null): string | null {
  const { statements, rest } = parse(current);
  const others = statements.filter((statement) => !isOurs(statement));
  return others.length === 0 ? null : JSON.stringify({ ...rest, Statement: others });
}

/** Statements of `current` that neither `put` has nor `before`, which is what a release gives back. */
export function leftOut(current: string | null, put: string, before: string | null): Json[] {
  const kept = [...parse(put).statements, ...parse(before).statements].map(meaningOf);
  return parse(current).statements.filter((statement) => !isOurs(statement) && !kept.includes(meaningOf(statement)));
}

/** Whether the policy is one that was made of `before` by the lock, and by nobody else since. */
export function isLockOf(current: string | null, before: string | null, bucketArn: string, account: string): boolean {
  // The first version put its statements alone where it had no room; what it left is given back all the same.
  const alone = withOurs(before, [], bucketArn, account);
  return [...lockedPolicies(before, bucketArn, account), alone].some((text) => samePolicy(text, current));
}

export function samePolicy(a: string | null, b: string | null): boolean {
  if (a === null || b === null || a === b) return a === b;
  const [one, other] = [parse(a), parse(b)];
  const meaning = ({ rest, statements }: typeof one) => canonicalJson([rest, statements.map(meaningOf)]);
  return meaning(one) === meaning(other);
}

function parse(policy: string | null): { readonly statements: Json[]; readonly rest: JsonObject } {
  if (policy === null) return { statements: [], rest: { Version: '2012-10-17' } };
  const parsed: unknown = JSON.parse(policy);
  if (!isJsonObject(parsed)) throw new Error(`the bucket policy is no JSON object: ${policy.slice(0, 80)}`);
  const { Statement, ...rest } = parsed;
  return { statements: Array.isArray(Statement) ? Statement : Statement === undefined ? [] : [Statement], rest };
}

function isOurs(statement: Json): boolean {
  return isJsonObject(statement) && typeof statement['Sid'] === 'string' && SIDS.includes(statement['Sid']);
}

/** Takes no side on conditions: S3 itself decides what is public, and this is asked only where it refused. */
function opensToAll(statement: Json): boolean {
  if (!isJsonObject(statement) || !allows(statement)) return false;
  const { Principal, NotPrincipal } = statement;
  return NotPrincipal !== undefined || JSON.stringify(Principal ?? '').includes('"*"');
}

function allows(statement: Json): boolean {
  return isJsonObject(statement) && statement['Effect'] === 'Allow';
}
