import fc from 'fast-check';
import type { JsonObject } from '../../lib/model/json';
import type { Condition, Program } from '../../lib/sigma';
import { FLAG_FIELDS, TEXT_FIELDS, type TextField } from '../../lib/sigma/prefilter';

/** Few of each, so that rules and events often mean the same. */
const NAMES = [
  ...['CreateAccessKey', 'CreateUser', 'DeleteTrail', 'StopLogging', 'GetObject', 'ListBuckets', 'AssumeRole'],
  ...[
    'AttachUserPolicy',
    'DeleteSAMLProvider',
    'ModifyDBInstance',
    'DescribeInstances',
    'DescribeInstanceStatus',
    'CreateVpcLink',
    'CreateVPCEConfiguration',
    'ConsoleLogin',
    'UpdateTrail',
  ],
  ...['PutUserPolicy', 'GetUserPolicy', 'DeleteDBSecurityGroup', 'RevokeDBSecurityGroupIngress', 'PutBucketPolicy'],
  ...['ResetImageAttribute', 'SetIdentityPool', 'CreateDBInstance', 'CreateDbInstance', 'CreateIPSet', 'CreateIpGroup'],
];
/** Two services write the same letters in two ways; rules that name these services are not made. */
const SOURCES: Record<string, string> = {
  CreateDBInstance: 'rds.amazonaws.com',
  CreateDbInstance: 'timestream-influxdb.amazonaws.com',
};
const FREE = [
  'aws-cli/2.0',
  'TruffleHog',
  'S3 Browser 9',
  'Jersey/${project.version}',
  'a*b?c\\d',
  'Zürich "x" %y%',
  '',
];
const TEXTS: Record<string, readonly string[]> = {
  eventName: NAMES,
  eventSource: ['iam.amazonaws.com', 'ec2.amazonaws.com', 's3.amazonaws.com'],
  awsRegion: ['us-east-1', 'eu-central-1'],
  eventType: ['AwsApiCall', 'AwsServiceEvent', 'AwsConsoleSignIn'],
  eventCategory: ['Management', 'Data'],
  'userIdentity.type': ['Root', 'IAMUser', 'AssumedRole', 'AWSService'],
  errorCode: ['AccessDenied', 'Client.UnauthorizedOperation', 'NoSuchEntity'],
  errorMessage: ['Failed authentication', 'User: arn:aws:iam::1:user/x is not authorized'],
};

const textsOf = ({ path }: TextField): readonly string[] => TEXTS[path] ?? FREE;

/** Events as the table of facts says that they are: every field but the name may be missing. */
export const lawfulEvent: fc.Arbitrary<JsonObject> = fc
  .tuple(
    ...TEXT_FIELDS.map((field) =>
      fc.option(fc.constantFrom(...textsOf(field)), {
        nil: undefined,
        freq: field.path === 'eventName' ? 1_000_000 : 3,
      }),
    ),
    fc.tuple(...FLAG_FIELDS.map(() => fc.constantFrom(true, false, undefined))),
    fc.constantFrom(null, undefined, { userName: 'x' }),
  )
  .map((values) => {
    const event: JsonObject = {};
    TEXT_FIELDS.forEach(({ path }, index) => put(event, path.split('.'), values[index] as string | undefined));
    const flags = values[TEXT_FIELDS.length] as (boolean | undefined)[];
    FLAG_FIELDS.forEach((path, index) => put(event, [path], flags[index]));
    put(event, ['requestParameters'], values[TEXT_FIELDS.length + 1] as JsonObject | undefined);
    event.eventName ??= 'CreateUser';
    const source = SOURCES[event.eventName as string];
    if (source !== undefined && event.eventSource !== undefined) event.eventSource = source;
    return event;
  });

function put(into: JsonObject, [key = '', ...rest]: readonly string[], value: JsonObject[string]): void {
  if (value === undefined) return;
  if (rest.length === 0) {
    into[key] = value;
    return;
  }
  const inner = (into[key] as JsonObject | undefined) ?? {};
  into[key] = inner;
  put(inner, rest, value);
}

/** As a rule may write them: in any case where the case is not known, in pieces, with wildcards and as expressions. */
const leaf: fc.Arbitrary<Condition> = fc.constantFrom(...TEXT_FIELDS).chain((field) =>
  fc
    .tuple(
      fc.constantFrom(...textsOf(field)),
      fc.nat(40),
      fc.nat(40),
      fc.constantFrom(0, 1, 2),
      fc.nat(13),
      fc.boolean(),
    )
    .map(([text, from, length, spelling, shape, cased]): Condition => {
      const written = spelling === 1 ? text.toLowerCase() : spelling === 2 ? text.toUpperCase() : text;
      const start = Math.min(from, Math.max(0, written.length - 1));
      const piece = written.slice(start, start + Math.max(1, length));
      const escape = (value: string): string => value.replace(/[\\*?]/g, '\\$&');
      const regex = (value: string): string => value.replace(/[\\*?+.^$()[\]{}|]/g, '\\$&');
      const rest = cased ? { cased: true as const } : {};
      const made = (op: string, value: string | boolean | null): Condition => ({
        ...{ kind: 'field', path: field.path, op, value },
        ...(op === 'null' || op === 'exists' || op === 're' ? {} : rest),
      });
      switch (shape) {
        case 0:
        case 1:
        case 2:
        case 3:
          return made('equals', written);
        case 4:
          return made('contains', piece);
        case 5:
          return made('startswith', written.slice(0, Math.max(1, length)));
        case 6:
          return made('endswith', written.slice(start));
        case 7:
          return made('like', `${escape(written.slice(0, start))}*${escape(written.slice(start + 1))}`);
        case 8:
          return made('like', `*${escape(piece.slice(0, 2))}?${escape(piece.slice(3))}*`);
        case 9:
          return made('null', null);
        case 10:
          return made('exists', cased);
        case 11:
          return made('like', cased ? '?*' : '*');
        case 12:
          return made('re', `${cased ? '^' : ''}${regex(text.slice(0, start))}.*${regex(text.slice(start))}`);
        default:
          return made('re', cased ? '(?i).+' : '(a|b)+');
      }
    }),
);

const other: fc.Arbitrary<Condition> = fc.constantFrom<Condition>(
  { kind: 'keyword', op: 'contains', value: 'user' },
  { kind: 'field', path: 'requestParameters.userName', op: 'equals', value: 'x' },
  { kind: 'field', path: 'userIdentity.arn', op: 'fieldref', value: 'userAgent' },
  { kind: 'field', path: 'readOnly', op: 'equals', value: 'FALSE' },
  { kind: 'field', path: 'readOnly', op: 'equals', value: true },
  { kind: 'field', path: 'managementEvent', op: 'exists', value: true },
);

const condition: fc.Arbitrary<Condition> = fc.letrec<{ tree: Condition }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 5, arbitrary: leaf },
    { weight: 1, arbitrary: other },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constantFrom('all' as const, 'any' as const),
        of: fc.array(tie('tree'), { minLength: 0, maxLength: 4 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('not' as const), of: tie('tree') }) },
  ),
})).tree;

/** A rule that names a few calls, as most do, and any condition beside them. */
const named: fc.Arbitrary<Condition> = fc
  .tuple(fc.subarray(NAMES, { minLength: 1 }), condition)
  .map(([names, rest]): Condition => ({
    kind: 'all',
    of: [{ kind: 'any', of: names.map((value) => ({ kind: 'field', path: 'eventName', op: 'equals', value })) }, rest],
  }));

export const anyProgram: fc.Arbitrary<Program> = fc
  .array(fc.oneof(named, condition), { minLength: 1, maxLength: 6 })
  .map((conditions) => ({
    version: 1,
    rules: conditions.map((rule, index) => ({
      id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      title: `Rule ${index}`,
      ...{ description: '', status: 'test', author: '', level: 'low', tags: [], falsepositives: [] },
      logsource: { product: 'aws', service: 'cloudtrail' },
      condition: rule,
    })),
  }));
