import { describe, expect, test } from '@jest/globals';
import { anonymousPrincipal, runSimulation, type SimulationRequestPrincipal } from '@cloud-copilot/iam-simulate';
import {
  isLocked,
  isLockOf,
  lockedPolicies,
  outsiderStatements,
  samePolicy,
} from '../../runbooks/lock-bucket/actions/outsiders';

const HOME = '111122223333';
const BUCKET = 'arn:aws:s3:::sample';
const EVERYBODY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `${BUCKET}/*` },
    { Effect: 'Allow', Principal: { AWS: '444455556666' }, Action: 's3:*', Resource: [BUCKET, `${BUCKET}/*`] },
    {
      Effect: 'Allow',
      Principal: { Service: ['cloudfront.amazonaws.com', 'delivery.logs.amazonaws.com'] },
      Action: ['s3:GetObject', 's3:PutObject'],
      Resource: `${BUCKET}/*`,
    },
  ],
});

interface Ask {
  readonly who: SimulationRequestPrincipal;
  readonly action?: string;
  readonly context?: Readonly<Record<string, string>>;
}

async function may({ who, action = 's3:GetObject', context = {} }: Ask, policy: string): Promise<boolean> {
  const account = typeof who === 'string' ? /\d{12}/.exec(who)?.[0] : undefined;
  const allowAll = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
  const result = await runSimulation(
    {
      request: {
        principal: who,
        action,
        resource: { resource: `${BUCKET}/object`, accountId: HOME },
        contextVariables: {
          ...(account !== undefined && { 'aws:PrincipalAccount': account, 'aws:PrincipalIsAWSService': 'false' }),
          ...context,
        },
      },
      identityPolicies: account === undefined ? [] : [{ name: 'all', policy: allowAll }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: JSON.parse(policy) as unknown,
    },
    {},
  );
  if (result.resultType === 'error') throw new Error(JSON.stringify(result.errors));
  return result.overallResult === 'Allowed';
}

const service = (who: string, sourceAccount?: string): Ask => ({
  who,
  context: {
    'aws:PrincipalIsAWSService': 'true',
    'aws:PrincipalServiceName': who,
    ...(sourceAccount !== undefined && { 'aws:SourceAccount': sourceAccount }),
  },
});

describe('a bucket that is locked', () => {
  const [locked = ''] = lockedPolicies(EVERYBODY, BUCKET, HOME);

  test.each<[string, Ask, boolean]>([
    ['a role of the account', { who: `arn:aws:iam::${HOME}:role/app` }, true],
    ['a user of the account', { who: `arn:aws:iam::${HOME}:user/ada` }, true],
    ['an anonymous visitor', { who: anonymousPrincipal }, false],
    ['a role of another account', { who: 'arn:aws:iam::444455556666:role/thief' }, false],
    ['a role of an account that only everybody let in', { who: 'arn:aws:iam::999988887777:role/thief' }, false],
    ['CloudFront for the account', service('cloudfront.amazonaws.com', HOME), true],
    ['CloudFront for another account', service('cloudfront.amazonaws.com', '444455556666'), false],
    [
      'log delivery for another account, which writes',
      { ...service('delivery.logs.amazonaws.com', '444455556666'), action: 's3:PutObject' },
      true,
    ],
    ['log delivery for another account, which reads', service('delivery.logs.amazonaws.com', '444455556666'), false],
  ])('%s', async (_, ask, after) => {
    expect([await may(ask, EVERYBODY), await may(ask, locked)]).toEqual([true, after]);
  });
});

describe('the policies that are tried', () => {
  const sids = (text: string) =>
    (JSON.parse(text) as { Statement: { Sid?: string; Principal: unknown }[] }).Statement.map(
      ({ Sid, Principal }) => Sid ?? Principal,
    );
  const OURS = ['FirebreakOutsiders', 'FirebreakForeignServices'];
  const services = ['cloudfront.amazonaws.com', 'delivery.logs.amazonaws.com'];

  test('keep what is there, then leave out what opens it to everybody, then all but its denies', () => {
    expect(lockedPolicies(EVERYBODY, BUCKET, HOME).map(sids)).toEqual([
      ['*', { AWS: '444455556666' }, { Service: services }, ...OURS],
      [{ AWS: '444455556666' }, { Service: services }, ...OURS],
      OURS,
    ]);
  });

  test('one that has become too long is not tried', () => {
    const filler = Array.from({ length: 200 }, (_, index) => ({
      Effect: 'Allow',
      Principal: { AWS: '444455556666' },
      Action: 's3:GetObject',
      Resource: `${BUCKET}/${index}${'x'.repeat(20)}`,
    }));

    const tried = lockedPolicies(JSON.stringify({ Version: '2012-10-17', Statement: filler }), BUCKET, HOME);

    expect(tried.map(sids)).toEqual([OURS]);
  });

  test('keep every Deny of the owner, where the policy has no room for anything else of it', async () => {
    const guarded = { who: `arn:aws:iam::${HOME}:role/app` };
    const policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        ...Array.from({ length: 150 }, (_, index) => ({
          Effect: 'Allow',
          Principal: { AWS: '444455556666' },
          Action: 's3:GetObject',
          Resource: `${BUCKET}/${index}${'x'.repeat(20)}`,
        })),
        { Sid: 'Closed', Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: `${BUCKET}/*` },
      ],
    });
    expect(Buffer.byteLength(policy)).toBeGreaterThan(19_800);
    expect(Buffer.byteLength(policy)).toBeLessThanOrEqual(20_480);

    const tried = lockedPolicies(policy, BUCKET, HOME);

    expect(tried.map(sids)).toEqual([['Closed', ...OURS]]);
    expect([await may(guarded, policy), await may(guarded, tried[0] ?? '')]).toEqual([false, false]);
    expect(isLockOf(tried[0] ?? '', policy, BUCKET, HOME)).toBe(true);
  });

  test('are none where the Deny statements of the owner leave no room', () => {
    const denies = Array.from({ length: 175 }, (_, index) => ({
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: `${BUCKET}/${index}${'x'.repeat(20)}`,
    }));

    expect(lockedPolicies(JSON.stringify({ Statement: denies }), BUCKET, HOME)).toEqual([]);
  });

  test('what an earlier version left, without the Deny statements of the owner, is still a lock of Firebreak', () => {
    const Statement = [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: `${BUCKET}/secret` }];
    const alone = JSON.stringify({ Version: '2012-10-17', Statement: outsiderStatements(BUCKET, HOME) });

    expect(isLockOf(alone, JSON.stringify({ Version: '2012-10-17', Statement }), BUCKET, HOME)).toBe(true);
  });

  test('statements of ours that somebody weakened are replaced', () => {
    const weak = JSON.stringify({ Statement: { Sid: 'FirebreakOutsiders', Effect: 'Deny', Principal: { AWS: '1' } } });

    expect(lockedPolicies(weak, BUCKET, HOME).map(sids)).toEqual([OURS]);
  });
});

describe('a policy that S3 gives back in another wording', () => {
  /** Lists the other way round, a list of one as its entry: what S3 has been seen to do. */
  const reworded = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.length === 1 ? reworded(value[0]) : value.map(reworded).reverse();
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, reworded(entry)]));
  };
  const givenBack = (policy: string): string => {
    const { Statement, ...rest } = JSON.parse(policy) as { Statement: unknown[] };
    return JSON.stringify({ ...rest, Statement: Statement.map(reworded) });
  };
  const [locked = ''] = lockedPolicies(EVERYBODY, BUCKET, HOME);

  test('is the same, is locked, and is the lock of the one before', () => {
    expect(givenBack(locked)).not.toBe(locked);
    expect(samePolicy(givenBack(EVERYBODY), EVERYBODY)).toBe(true);
    expect(isLocked(givenBack(locked), BUCKET, HOME)).toBe(true);
    expect(isLockOf(givenBack(locked), EVERYBODY, BUCKET, HOME)).toBe(true);
  });

  test.each([
    ['another action', 's3:GetObject', 's3:PutObject'],
    ['another principal', '444455556666', '555566667777'],
    ['an effect', '"Allow"', '"Deny"'],
  ])('differs by %s', (_, from, to) => {
    expect(samePolicy(givenBack(EVERYBODY).replace(from, to), EVERYBODY)).toBe(false);
  });

  test.each([
    ['a resource less', `["${BUCKET}/*","${BUCKET}"]`, `"${BUCKET}"`],
    ['another account in its condition', `"aws:PrincipalAccount":"${HOME}"`, '"aws:PrincipalAccount":"444455556666"'],
    ['a condition more', '"BoolIfExists":{', '"Bool":{"aws:SecureTransport":"true"},"BoolIfExists":{'],
    ['an action excepted more', '"NotAction":[', '"NotAction":["s3:GetObject",'],
  ])('is not locked with %s', (_, from, to) => {
    const changed = givenBack(locked).replaceAll(from, to);
    expect(changed).not.toBe(givenBack(locked));
    expect(isLocked(changed, BUCKET, HOME)).toBe(false);
  });
});
