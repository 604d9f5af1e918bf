import { describe, expect, test } from '@jest/globals';
import { checkGuardRails, matchesArn, type GuardRailSettings, type Subject } from '../../lib/model/guard-rails';

const SETTINGS: GuardRailSettings = {
  account: '111122223333',
  region: 'eu-central-1',
  protected: [
    'arn:aws:iam::111122223333:user/break-glass-*',
    'arn:*:iam::111122223333:role/Firebreak-*',
    'arn:aws:ec2:eu-central-1:111122223333:instance/i-0000000000000beef',
  ],
  networks: ['vpc-0123456789abcdef0'],
  maximumContainmentsPerHour: 5,
};

const user = (id: string, more: Partial<Subject> = {}): Subject => ({
  target: { kind: 'user', id, account: '111122223333', region: 'us-east-1' },
  arns: [],
  networks: [],
  ...more,
});
const instance = (id: string, more: Partial<Subject> = {}, place: Partial<Subject['target']> = {}): Subject => ({
  target: { kind: 'instance', id, account: '111122223333', region: 'eu-central-1', ...place },
  arns: [],
  networks: [],
  ...more,
});
const role = (id: string): Subject => ({
  target: { kind: 'role', id, account: '111122223333', region: 'us-east-1' },
  arns: [],
  networks: [],
});

const ALLOWED: readonly [string, Subject][] = [
  ['a user', user('arn:aws:iam::111122223333:user/mallory')],
  ['a user under a path', user('arn:aws:iam::111122223333:user/a/b/mallory')],
  ['a user of another partition', user('arn:aws-cn:iam::111122223333:user/mallory')],
  ['an instance by ARN', instance('arn:aws:ec2:eu-central-1:111122223333:instance/i-0123456789abcdef0')],
  ['an instance by id', instance('i-0123456789abcdef0')],
  ['an old instance', instance('i-01234567')],
  ['an instance with an ordinary role', instance('i-01234567', { arns: ['arn:aws:iam::111122223333:role/web'] })],
  ['an instance in another VPC', instance('i-01234567', { networks: ['vpc-11111111111111111'] })],
  ['a role whose name only looks like the CDK', role('arn:aws:iam::111122223333:role/cdk-evil')],
  ['an ordinary role', role('arn:aws:iam::111122223333:role/web')],
];

const REFUSED: readonly [string, Subject, RegExp][] = [
  ['a break-glass user', user('arn:aws:iam::111122223333:user/break-glass-1'), /protected by the guard rail/],
  ['in other letters', user('arn:aws:iam::111122223333:user/Break-Glass-1'), /protected/],
  ['a user of another account', user('arn:aws:iam::999999999999:user/mallory'), /account 999999999999/],
  [
    'a user whose target names another account',
    {
      ...user('arn:aws:iam::111122223333:user/m'),
      target: { kind: 'user', id: 'arn:aws:iam::111122223333:user/m', account: '999999999999', region: 'us-east-1' },
    },
    /account 999999999999/,
  ],
  ['root', user('arn:aws:iam::111122223333:root'), /not the id/],
  ['a bare user name', user('mallory'), /not the id/],
  ['a user with a wildcard', user('arn:aws:iam::111122223333:user/*'), /not the id/],
  ['a line break', user('arn:aws:iam::111122223333:user/a\nb'), /not the id/],
  ['nothing', user(''), /not the id/],
  [
    'a protected instance by ARN',
    instance('arn:aws:ec2:eu-central-1:111122223333:instance/i-0000000000000beef'),
    /protected/,
  ],
  ['a protected instance by id', instance('i-0000000000000beef'), /protected/],
  ['an instance in another Region', instance('i-01234567', {}, { region: 'us-east-1' }), /Region us-east-1/],
  [
    'an instance whose ARN names another Region',
    instance('arn:aws:ec2:us-east-1:111122223333:instance/i-01234567'),
    /Region us-east-1/,
  ],
  ['a malformed instance', instance('i-xyz'), /not the id/],
  ['an instance in a protected VPC', instance('i-01234567', { networks: ['vpc-0123456789abcdef0'] }), /protected VPC/],
  [
    'an instance whose role is of Firebreak',
    instance('i-01234567', { arns: ['arn:aws:iam::111122223333:role/Firebreak-ContainRole-1'] }),
    /protected/,
  ],
  [
    'a service-linked role',
    role('arn:aws:iam::111122223333:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS'),
    /service-linked/,
  ],
  [
    'an Identity Center role',
    role('arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_1'),
    /Identity Center/,
  ],
  ['the same without path', role('arn:aws:iam::111122223333:role/AWSReservedSSO_Admin_1'), /Identity Center/],
  ['Control Tower', role('arn:aws:iam::111122223333:role/AWSControlTowerExecution'), /Control Tower/],
  [
    'Control Tower by name',
    role('arn:aws:iam::111122223333:role/aws-controltower-ConfigRecorderRole'),
    /Control Tower/,
  ],
  ['a StackSet', role('arn:aws:iam::111122223333:role/stacksets-exec-1'), /StackSets/],
  [
    'the CDK',
    role('arn:aws:iam::111122223333:role/cdk-hnb659fds-deploy-role-111122223333-eu-central-1'),
    /CDK bootstrap/,
  ],
  ['the CDK in China', role('arn:aws-cn:iam::111122223333:role/cdk-x-cfn-exec-role-1'), /CDK bootstrap/],
  [
    'what is no bucket',
    { target: { kind: 'bucket', id: 'arn:aws:s3:::x', account: '111122223333', region: 'x' }, arns: [], networks: [] },
    /is not the id of an AWS bucket/,
  ],
];

describe('guard rails', () => {
  test.each(ALLOWED)('allow %s', (_, subject) => {
    expect(checkGuardRails(subject, SETTINGS)).toEqual({ allowed: true });
  });

  test.each(REFUSED)('refuse %s', (_, subject, because) => {
    expect(checkGuardRails(subject, SETTINGS)).toEqual({ allowed: false, because: expect.stringMatching(because) });
  });

  test.each([
    ['arn:aws:iam::*:user/a', 'arn:aws:iam::1:user/a', true],
    ['arn:aws:iam::1:user/a?', 'arn:aws:iam::1:user/ab', true],
    ['arn:aws:iam::1:user/a?', 'arn:aws:iam::1:user/a', false],
    ['arn:aws:iam::1:user/a.c', 'arn:aws:iam::1:user/abc', false],
    ['arn:aws:iam::1:user/a', 'arn:aws:iam::1:user/ab', false],
    ['arn:aws:iam::1:user/a+b', 'arn:aws:iam::1:user/a+b', true],
    ['arn:aws:iam::1:user/*', 'arn:aws:iam::1:user/path/a', true],
  ])('pattern %s and %s: %s', (pattern, arn, matches) => {
    expect(matchesArn(pattern, arn)).toBe(matches);
  });
});
