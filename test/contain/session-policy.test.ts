import { describe, expect, test } from '@jest/globals';
import { MAX_SESSION_POLICY_CHARACTERS, sessionPolicy } from '../../lambdas/contain/runbook-host/session-policy';
import type { GuardRailSettings } from '../../lib/model/guard-rails';
import type { Permission } from '../../lib/model/runbook-facts';

const SETTINGS: GuardRailSettings = {
  account: '111122223333',
  region: 'eu-central-1',
  protected: ['arn:aws:iam::*:user/break-glass-*', 'arn:*:iam::111122223333:role/Home-*'],
  networks: [],
  maximumContainmentsPerHour: 5,
};
const VALUES = { partition: 'aws', account: SETTINGS.account, region: SETTINGS.region };
const USER = 'arn:aws:iam::111122223333:user/alice';

const make = (...permissions: Permission[]) =>
  sessionPolicy(permissions, { action: 'an-action', values: VALUES, settings: SETTINGS });

const statementsOf = (document = '{}') =>
  (JSON.parse(document) as { Statement: { Action: string | string[]; Resource: string | string[] }[] }).Statement;

describe('the policy of a run', () => {
  test('names what the action named, and nothing else', () => {
    const policy = make({
      actions: ['iam:PutUserPolicy'],
      resources: ['arn:{partition}:iam::{account}:user/alice'],
      why: 'reasons are for people',
    });

    expect(policy?.documents.map((document) => JSON.parse(document) as unknown)).toEqual([
      { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'iam:PutUserPolicy', Resource: USER }] },
    ]);
    expect(policy?.allowed).toEqual([`iam:PutUserPolicy on ${USER}`]);
    expect(policy?.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test('is none where the action names nothing: nobody gets credentials then', () => {
    expect(make()).toBeUndefined();
    expect(make({ actions: [], resources: [USER] }, { actions: ['iam:GetUser'], resources: [] })).toBeUndefined();
  });

  test('joins what is about the same calls or the same things, and never across conditions', () => {
    const conditions = { StringEquals: { 'iam:PermissionsBoundary': 'arn:aws:iam::111122223333:policy/q' } };
    const policy = make(
      { actions: ['iam:UpdateAccessKey'], resources: [USER] },
      { actions: ['iam:PutUserPolicy'], resources: [USER] },
      { actions: ['iam:PutUserPermissionsBoundary'], resources: [USER], conditions },
    );

    expect(statementsOf(policy?.documents[0])).toEqual([
      { Effect: 'Allow', Action: ['iam:UpdateAccessKey', 'iam:PutUserPolicy'], Resource: USER },
      { Effect: 'Allow', Action: 'iam:PutUserPermissionsBoundary', Resource: USER, Condition: conditions },
    ]);
  });

  test.each([
    ['what a guard rail protects', 'arn:aws:iam::111122223333:user/break-glass-1', /protected by the guard rail/],
    ['a role of Firebreak', 'arn:aws:iam::111122223333:role/Home-Contain', /protected by the guard rail/],
    ['a service-linked role', 'arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/Y', /service-linked/],
    ['another account', 'arn:aws:iam::444455556666:user/alice', /is in 444455556666; only what is in 111122223333/],
    [
      'another Region',
      'arn:aws:ec2:us-east-1:111122223333:instance/i-1',
      /is in us-east-1; only what is in eu-central/,
    ],
    ['everything', '*', /has a wildcard, and neither condition nor reason/],
    ['a pattern without a reason', 'arn:aws:iam::111122223333:user/*', /has a wildcard/],
    ['what is no ARN', 'alice', /is not an ARN/],
    ['a name with a blank', 'arn:aws:iam::111122223333:user/a b', /is not an ARN/],
  ])('is refused for %s', (_, resource, because) => {
    const ask = () => make({ actions: ['iam:PutUserPolicy'], resources: [USER, resource] });
    expect(ask).toThrow(/^action 'an-action' asks for what it may not have: /);
    expect(ask).toThrow(because);
  });

  test('is refused for calls by pattern', () => {
    expect(() => make({ actions: ['iam:*'], resources: [USER] })).toThrow("'iam:*' is not one call");
  });

  test('takes what has no account, no Region, or a wildcard with a condition', () => {
    const policy = make(
      { actions: ['s3:PutBucketPolicy'], resources: ['arn:aws:s3:::a-bucket'] },
      { actions: ['ec2:ModifySnapshotAttribute'], resources: ['arn:aws:ec2:eu-central-1::snapshot/snap-1'] },
      {
        actions: ['ec2:CreateSecurityGroup'],
        resources: ['arn:aws:ec2:eu-central-1:111122223333:security-group/*'],
        conditions: { StringEquals: { 'aws:RequestTag/firebreak:isolation': 'true' } },
      },
    );
    expect(statementsOf(policy?.documents[0])).toHaveLength(3);
  });

  test('names an unknown placeholder', () => {
    expect(() => make({ actions: ['iam:PutUserPolicy'], resources: ['{nobody}'] })).toThrow(
      "a permission names '{nobody}', which is none of partition, account, region",
    );
  });
});

describe('what does not fit into one session', () => {
  const EC2 = 'arn:aws:ec2:eu-central-1:111122223333';
  const interfaces = (count: number) =>
    Array.from({ length: count }, (_, i) => `${EC2}:network-interface/eni-${i.toString(16).padStart(17, '0')}`);
  const instance = `${EC2}:instance/i-0fedcba9876543210`;
  const group = `${EC2}:security-group/sg-0fedcba9876543210`;
  const move = (count: number): Permission => ({
    actions: ['ec2:ModifyNetworkInterfaceAttribute'],
    resources: [...interfaces(count), instance, group],
  });

  test('goes into several: each interface into one, instance and group into each', () => {
    const policy = make(move(64));

    const documents = policy?.documents ?? [];
    expect(documents.length).toBeGreaterThan(1);
    for (const document of documents) {
      expect(document.length).toBeLessThanOrEqual(MAX_SESSION_POLICY_CHARACTERS);
      const resources = statementsOf(document).flatMap(({ Resource }) => Resource);
      expect(resources).toEqual(expect.arrayContaining([instance, group]));
    }
    const all = documents.flatMap((document) => statementsOf(document).flatMap(({ Resource }) => Resource));
    expect(all.filter((resource) => resource.includes('network-interface')).sort()).toEqual(interfaces(64).sort());
  });

  test('stays one where it fits', () => {
    expect(make(move(15))?.documents).toHaveLength(1);
  });

  test('is refused, with its size, where it fits into no number of sessions', () => {
    const long = Array.from({ length: 30 }, (_, i) => `arn:aws:iam::111122223333:user/${'x'.repeat(60)}${i}`);
    expect(() =>
      make({ actions: ['iam:PutUserPolicy'], resources: [`arn:aws:iam::111122223333:user/${'x'.repeat(2_100)}`] }),
    ).toThrow(/action 'an-action' needs a session policy of \d+ characters, and STS takes 2048: do this by hand/);
    expect(() => make(...long.map((arn, i) => ({ actions: [`iam:Call${i}`], resources: [arn] })))).toThrow(/2048/);
    expect(() => make(move(500))).toThrow(/2048/);
  });
});
