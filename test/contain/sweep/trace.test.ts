import { describe, expect, test } from '@jest/globals';
import { trace } from '../../../lambdas/contain/sweep/trace';
import { ACCOUNT, asSession, asUser, MALLORY, record } from './records';

const ROLE = { kind: 'role', arn: `arn:aws:iam::${ACCOUNT}:role/service/worker`, account: ACCOUNT } as const;
const KEY = 'AKIAIOSFODNN7EXAMPLE';
const SESSION = 'ASIAIOSFODNN7EXAMPLE';

const calls = (traced: ReturnType<typeof trace>) => traced.records.map(({ call }) => call);
const trails = (traced: ReturnType<typeof trace>) => traced.trails.map(({ key, value }) => `${key} ${value}`);

describe('whose doing a record is', () => {
  test('GIVEN a user WHEN others act too THEN only its own records are its, by whichever path it is known', () => {
    const traced = trace(
      [MALLORY],
      [
        record('iam:CreateUser'),
        record('iam:CreateRole', { userIdentity: asUser('team/mallory') }),
        record('iam:CreatePolicy', { userIdentity: asUser('alice') }),
        record('iam:CreateGroup', { userIdentity: asSession('worker', 'mallory') }),
      ],
    );
    expect(calls(traced)).toEqual(['iam:CreateUser', 'iam:CreateRole']);
    expect(trails(traced)).toEqual(['Username mallory']);
  });

  test('GIVEN a key that it made for another WHEN the key is used THEN that is its doing, and the key is followed', () => {
    const made = record('iam:CreateAccessKey', {
      responseElements: { accessKey: { accessKeyId: KEY, userName: 'alice' } },
    });
    const used = record('lambda:CreateFunction20150331', { userIdentity: asUser('alice', { accessKeyId: KEY }) });
    const own = record('s3:CreateBucket', { userIdentity: asUser('alice', { accessKeyId: 'AKIAALICEALICEALICE0' }) });
    const traced = trace([MALLORY], [used, own, made]);
    expect(calls(traced)).toEqual(['iam:CreateAccessKey', 'lambda:CreateFunction20150331']);
    expect(trails(traced)).toContain(`AccessKeyId ${KEY}`);
  });

  test('GIVEN a chain of a user, its session of a role and a user made by that THEN all of it is followed', () => {
    const traced = trace(
      [MALLORY],
      [
        record('sts:AssumeRole', { readOnly: true, responseElements: { credentials: { accessKeyId: SESSION } } }),
        record('iam:CreateUser', {
          userIdentity: asSession('deploy', 'x', { accessKeyId: SESSION }),
          responseElements: { user: { arn: `arn:aws:iam::${ACCOUNT}:user/backdoor` } },
        }),
        record('ec2:RunInstances', { userIdentity: asUser('backdoor') }),
        record('ec2:CreateKeyPair', {
          userIdentity: asSession('deploy', 'y', { accessKeyId: 'ASIAOTHEROTHEROTHER0' }),
        }),
      ],
    );
    expect(calls(traced)).toEqual(['sts:AssumeRole', 'iam:CreateUser', 'ec2:RunInstances']);
    expect(trails(traced)).toEqual(['Username mallory', `AccessKeyId ${SESSION}`, 'Username backdoor']);
  });

  test('GIVEN a role WHEN somebody assumes it THEN the session is followed, and what others call by that name is not its', () => {
    const traced = trace(
      [ROLE],
      [
        record('sts:AssumeRole', {
          userIdentity: asUser('alice'),
          requestParameters: { roleArn: ROLE.arn, roleSessionName: 'alice' },
          responseElements: { credentials: { accessKeyId: SESSION } },
        }),
        record('iam:CreatePolicy', { userIdentity: asSession('worker', 'alice') }),
        record('iam:CreateGroup', { userIdentity: asUser('alice') }),
      ],
    );
    // An ARN of a session does not know the path of its role; what issued it does, or does not, and is the same role.
    expect(calls(traced)).toEqual(['iam:CreatePolicy']);
    expect(trails(traced)).toEqual([`ResourceName ${ROLE.arn}`, 'Username alice']);
  });

  test.each([
    ['a call that failed', { errorCode: 'AccessDenied' }],
    ['a message of an error alone', { errorMessage: 'Failed' }],
  ])('GIVEN %s THEN what it asked for is not followed', (_, more) => {
    const traced = trace(
      [MALLORY],
      [
        record('iam:CreateUser', {
          ...more,
          requestParameters: { userName: 'alice' },
          responseElements: { user: { arn: `arn:aws:iam::${ACCOUNT}:user/alice` } },
        }),
      ],
    );
    expect(trails(traced)).toEqual(['Username mallory']);
  });

  test.each([
    ['a user of another account', { user: { arn: 'arn:aws:iam::999999999999:user/alice' } }],
    ['a name that a shell would read', { user: { arn: `arn:aws:iam::${ACCOUNT}:user/x;$(reboot)` } }],
    ['no ARN', { user: { arn: 17 } }],
  ])('GIVEN an answer with %s THEN it is not followed', (_, responseElements) => {
    const traced = trace([MALLORY], [record('iam:CreateUser', { responseElements })]);
    expect(trails(traced)).toEqual(['Username mallory']);
  });

  test('GIVEN a key id with something after it THEN it is not followed', () => {
    const responseElements = { accessKey: { accessKeyId: `${KEY} --profile admin` } };
    expect(trails(trace([MALLORY], [record('iam:CreateAccessKey', { responseElements })]))).toEqual([
      'Username mallory',
    ]);
  });

  test('GIVEN a record of another account by a user of the same name THEN it is not its doing', () => {
    expect(trace([MALLORY], [record('iam:CreateUser', { recipientAccountId: '999999999999' })]).records).toEqual([]);
  });
});
