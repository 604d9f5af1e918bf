import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../lib/model/json';
import { grantsOf, isForeign, requestFor } from '../../runbooks/quarantine-function/actions/grants';

const HOME = '111122223333';
const FUNCTION = `arn:aws:lambda:us-east-1:${HOME}:function:f`;

function grant(Principal: JsonObject | string, Condition?: JsonObject, more: JsonObject = {}) {
  const Statement = [
    { Sid: 's', Effect: 'Allow', Principal, Action: 'lambda:InvokeFunction', Resource: FUNCTION, Condition, ...more },
  ];
  const [found] = grantsOf(JSON.stringify({ Version: '2012-10-17', Statement }));
  if (!found) throw new Error('no grant');
  return found;
}

describe('who is foreign', () => {
  const S3 = { Service: 's3.amazonaws.com' };
  test.each<[string, JsonObject | string, JsonObject | undefined, boolean]>([
    ['everybody', '*', undefined, true],
    ['everybody of an organisation', '*', { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } }, true],
    ['another account', { AWS: '444455556666' }, undefined, true],
    ['a role of another account', { AWS: 'arn:aws:iam::444455556666:role/x' }, undefined, true],
    ['a principal that was deleted', { AWS: 'AROAEXAMPLE' }, undefined, true],
    ['one of two is another account', { AWS: [HOME, '444455556666'] }, undefined, true],
    ['the account', { AWS: HOME }, undefined, false],
    ['a role of the account', { AWS: `arn:aws:iam::${HOME}:role/x` }, undefined, false],
    ['a service for anybody', S3, undefined, true],
    ['a service for a bucket of whomever', S3, { ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::b' } }, true],
    [
      'a service for a bucket of the account',
      S3,
      { ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::b' }, StringEquals: { 'AWS:SourceAccount': HOME } },
      false,
    ],
    ['a service for all but the account', S3, { StringNotEquals: { 'AWS:SourceAccount': HOME } }, true],
    ['a service for another account', S3, { StringEquals: { 'AWS:SourceAccount': '444455556666' } }, true],
    [
      'a rule of the account',
      { Service: 'events.amazonaws.com' },
      { ArnLike: { 'AWS:SourceArn': `arn:aws:events:us-east-1:${HOME}:rule/r` } },
      false,
    ],
  ])('%s', (_, principal, condition, expected) => {
    expect(isForeign(grant(principal, condition), HOME)).toBe(expected);
  });

  test('a deny lets nobody in', () => {
    expect(isForeign(grant('*', undefined, { Effect: 'Deny' }), HOME)).toBe(false);
  });
});

describe('the request that gives a grant back', () => {
  test('names everything that the statement says', () => {
    const condition = {
      ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::b' },
      StringEquals: { 'AWS:SourceAccount': HOME, 'lambda:FunctionUrlAuthType': 'NONE' },
      Bool: { 'lambda:InvokedViaFunctionUrl': 'true' },
    };

    expect(
      requestFor(grant({ Service: 's3.amazonaws.com' }, condition, { Resource: `${FUNCTION}:live` }), 'f'),
    ).toEqual({
      FunctionName: 'f',
      StatementId: 's',
      Action: 'lambda:InvokeFunction',
      Principal: 's3.amazonaws.com',
      Qualifier: 'live',
      SourceArn: 'arn:aws:s3:::b',
      SourceAccount: HOME,
      FunctionUrlAuthType: 'NONE',
      InvokedViaFunctionUrl: true,
    });
  });

  test.each<[string, JsonObject | string, JsonObject | undefined]>([
    ['a condition that AddPermission does not know', '*', { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } }],
    ['a condition turned round', '*', { StringNotEquals: { 'AWS:SourceAccount': HOME } }],
    ['several principals', { AWS: [HOME, '444455556666'] }, undefined],
  ])('cannot be made for %s', (_, principal, condition) => {
    expect(requestFor(grant(principal, condition), 'f')).toBeUndefined();
  });
});
