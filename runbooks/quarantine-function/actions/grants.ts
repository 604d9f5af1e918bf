import type { AddPermissionCommandInput, FunctionUrlAuthType } from '@aws-sdk/client-lambda';
import { isJsonObject, type Json, type JsonObject } from '../../../lib/model/json';

/** One statement of a function's resource policy. */
export type Grant = {
  readonly sid: string;
  /** Version or alias that it is for; null for the function itself. */
  readonly qualifier: string | null;
  readonly statement: JsonObject;
};

/** The statements of a resource policy. */
export function grantsOf(policy: string): Grant[] {
  const parsed: unknown = JSON.parse(policy);
  const statements: Json | undefined = isJsonObject(parsed) ? parsed['Statement'] : undefined;
  return (Array.isArray(statements) ? statements : [statements]).filter(isJsonObject).map((statement) => ({
    sid: textOf(statement['Sid']) ?? '',
    qualifier: textOf(statement['Resource'])?.split(':')[7] ?? null,
    statement,
  }));
}

/**
 * Lets this grant anybody in who is not proven to be of the account? Everybody, other accounts and organisations do; so
 * does a service without a source in the account, because anybody can make it call.
 */
export function isForeign({ statement }: Grant, account: string): boolean {
  if (statement['Effect'] !== 'Allow') return false;
  const { Principal } = statement;
  if (!isJsonObject(Principal)) return true;
  const { Service, AWS, ...others } = Principal;
  if (Object.keys(others).length > 0) return true;
  return (
    listOf(AWS).some((principal) => accountOf(principal) !== account) ||
    (Service !== undefined && !comesFrom(statement, account))
  );
}

function comesFrom(statement: JsonObject, account: string): boolean {
  const conditions = flatConditions(statement);
  const source = conditions.get('aws:sourceaccount') ?? [];
  if (source.length > 0) return source.every((value) => value === account);
  const arns = conditions.get('aws:sourcearn') ?? [];
  return arns.length > 0 && arns.every((arn) => arn.split(':')[4] === account);
}

function accountOf(principal: string): string | undefined {
  return /^\d{12}$/.test(principal) ? principal : principal.split(':')[4];
}

/** Conditions that AddPermission can write, each with what it is called there. */
const ASKED_AS: Readonly<Record<string, keyof AddPermissionCommandInput>> = {
  'aws:sourcearn': 'SourceArn',
  'aws:sourceaccount': 'SourceAccount',
  'aws:principalorgid': 'PrincipalOrgID',
  'lambda:eventsourcetoken': 'EventSourceToken',
  'lambda:functionurlauthtype': 'FunctionUrlAuthType',
  'lambda:invokedviafunctionurl': 'InvokedViaFunctionUrl',
};

/** The request that makes this very statement; undefined where AddPermission has no words for it. */
export function requestFor(grant: Grant, FunctionName: string): AddPermissionCommandInput | undefined {
  const { statement, sid, qualifier } = grant;
  const { Principal, Action } = statement;
  const principals = isJsonObject(Principal) ? Object.values(Principal).flatMap(listOf) : listOf(Principal);
  const conditions = flatConditions(statement);
  const [principal] = principals;
  const known = [...conditions].every(([key, values]) => key in ASKED_AS && values.length === 1);
  if (!known || principal === undefined || principals.length > 1 || typeof Action !== 'string') return undefined;
  const asked = Object.fromEntries(
    [...conditions].map(([key, [value]]) => [
      ASKED_AS[key],
      key === 'lambda:invokedviafunctionurl' ? value === 'true' : value,
    ]),
  ) as { readonly FunctionUrlAuthType?: FunctionUrlAuthType };
  return {
    FunctionName,
    StatementId: sid,
    Action,
    Principal: principal,
    ...(qualifier !== null && { Qualifier: qualifier }),
    ...asked,
  };
}

/** Operators that hold where a value is given; of the others (`StringNotEquals`, `Null` …) nothing is concluded. */
const POSITIVE = /^(?:StringEquals|StringLike|ArnEquals|ArnLike|Bool)$/;

/** Values by key; keys in lower case, because IAM takes no notice of it. Other operators stand before their keys. */
function flatConditions(statement: JsonObject): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [operator, block] of Object.entries(isJsonObject(statement['Condition']) ? statement['Condition'] : {})) {
    for (const [name, value] of Object.entries(isJsonObject(block) ? block : {})) {
      const key = POSITIVE.test(operator) ? name.toLowerCase() : `${operator} ${name}`;
      found.set(key, [...(found.get(key) ?? []), ...listOf(value)]);
    }
  }
  return found;
}

function listOf(value: Json | undefined): string[] {
  return (Array.isArray(value) ? value : [value]).flatMap((one) => textOf(one) ?? []);
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : typeof value === 'boolean' ? String(value) : undefined;
}
