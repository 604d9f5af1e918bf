import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DEEDS, RUNBOOK_OF } from '../../../lambdas/contain/sweep/deeds';
import { findDeeds } from '../../../lambdas/contain/sweep/find-deeds';
import { parseRecord, readRecord } from '../../../lambdas/contain/sweep/read-record';
import type { JsonObject } from '../../../lib/model/json';
import { RUNBOOKS } from '../../../runbooks';
import { ACCOUNT, rawRecord, record } from './records';

const shown = () => 'cloudtrail' as const;
const find = (call: string, more: JsonObject = {}) => findDeeds([record(call, more)], shown).found;
const arn = (service: string, rest: string) => `arn:aws:${service}:us-east-1:${ACCOUNT}:${rest}`;

/** For each call what is listed and what is contained for it. */
const EXAMPLES: readonly (readonly [string, JsonObject, string, string])[] = [
  [
    'iam:CreateUser',
    { requestParameters: { userName: 'b' }, responseElements: { user: { arn: `arn:aws:iam::${ACCOUNT}:user/p/b` } } },
    `user arn:aws:iam::${ACCOUNT}:user/p/b`,
    `disable-access-key arn:aws:iam::${ACCOUNT}:user/p/b`,
  ],
  [
    'iam:CreateAccessKey',
    { responseElements: { accessKey: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', userName: 'b' } } },
    'access-key AKIAIOSFODNN7EXAMPLE',
    `disable-access-key arn:aws:iam::${ACCOUNT}:user/b`,
  ],
  [
    'iam:UpdateAssumeRolePolicy',
    { requestParameters: { roleName: 'deploy' } },
    `role arn:aws:iam::${ACCOUNT}:role/deploy`,
    `revoke-role-sessions arn:aws:iam::${ACCOUNT}:role/deploy`,
  ],
  [
    'iam:AttachUserPolicy',
    { requestParameters: { userName: 'alice' } },
    `user arn:aws:iam::${ACCOUNT}:user/alice`,
    'nothing',
  ],
  [
    'lambda:CreateFunction20150331',
    { responseElements: { functionArn: arn('lambda', 'function:f') } },
    `function ${arn('lambda', 'function:f')}`,
    `quarantine-function ${arn('lambda', 'function:f')}`,
  ],
  [
    'lambda:AddPermission20150331v2',
    { requestParameters: { functionName: 'f:live' } },
    `function ${arn('lambda', 'function:f')}`,
    `quarantine-function ${arn('lambda', 'function:f')}`,
  ],
  [
    'ec2:RunInstances',
    { responseElements: { instancesSet: { items: [{ instanceId: 'i-0a1b2c3d4e5f60718' }] } } },
    `instance ${arn('ec2', 'instance/i-0a1b2c3d4e5f60718')}`,
    `isolate-instance ${arn('ec2', 'instance/i-0a1b2c3d4e5f60718')}`,
  ],
  [
    'ec2:ModifySnapshotAttribute',
    {
      requestParameters: {
        snapshotId: 'snap-0a1b2c3d4e5f60718',
        createVolumePermission: { add: { items: [{ userId: '444455556666' }] } },
      },
    },
    'snapshot arn:aws:ec2:us-east-1::snapshot/snap-0a1b2c3d4e5f60718',
    'unshare-snapshot arn:aws:ec2:us-east-1::snapshot/snap-0a1b2c3d4e5f60718',
  ],
  [
    'rds:ModifyDBSnapshotAttribute',
    { requestParameters: { dBSnapshotIdentifier: 'nightly', valuesToAdd: ['all'] } },
    `snapshot ${arn('rds', 'snapshot:nightly')}`,
    `unshare-snapshot ${arn('rds', 'snapshot:nightly')}`,
  ],
  [
    'ec2:AuthorizeSecurityGroupIngress',
    { requestParameters: { groupId: 'sg-0a1b2c3d4e5f60718' } },
    `security-group ${arn('ec2', 'security-group/sg-0a1b2c3d4e5f60718')}`,
    `close-security-group ${arn('ec2', 'security-group/sg-0a1b2c3d4e5f60718')}`,
  ],
  [
    'ssm:SendCommand',
    { requestParameters: { instanceIds: ['i-0a1b2c3d'] } },
    `instance ${arn('ec2', 'instance/i-0a1b2c3d')}`,
    'nothing',
  ],
];

describe('the table of what calls make', () => {
  test('names each call once, and only runbooks that there are', () => {
    const names = DEEDS.map(({ call }) => call);
    expect(new Set(names).size).toBe(names.length);
    for (const [kind, id] of Object.entries(RUNBOOK_OF)) {
      expect(RUNBOOKS.find((runbook) => runbook.id === id)).toMatchObject({ target: kind });
    }
  });

  test.each(EXAMPLES)('%s', (call, more, listed, contained) => {
    const [one, ...rest] = find(call, more);
    expect(rest).toEqual([]);
    expect(`${one?.finding.kind ?? ''} ${one?.finding.id ?? ''}`).toBe(listed);
    expect(one?.contain ? `${one.contain.runbook} ${one.contain.target.id}` : 'nothing').toBe(contained);
    expect(one?.finding).toMatchObject({ call, by: `arn:aws:iam::${ACCOUNT}:user/mallory`, region: 'us-east-1' });
    expect(Date.parse(one?.finding.at ?? '')).not.toBeNaN();
  });

  test.each(EXAMPLES)('%s that failed made nothing', (call, more) => {
    expect(find(call, { ...more, errorCode: 'AccessDenied' })).toEqual([]);
  });

  test('GIVEN a snapshot that is no longer shared THEN nothing was shared', () => {
    const createVolumePermission = { remove: { items: [{ userId: '444455556666' }] } };
    expect(
      find('ec2:ModifySnapshotAttribute', { requestParameters: { snapshotId: 'snap-1', createVolumePermission } }),
    ).toEqual([]);
  });

  test('GIVEN calls that are not in it THEN they are counted, and readings are not', () => {
    const records = [
      record('sns:CreateTopic'),
      record('sns:CreateTopic'),
      record('sns:Subscribe', { errorCode: 'AccessDenied' }),
      record('ec2:DescribeInstances', { readOnly: true }),
      record('sts:AssumeRole'),
    ];
    expect([...findDeeds(records, shown).others]).toEqual([['sns:CreateTopic', 2]]);
  });

  test('GIVEN one call about thousands of things THEN the first twenty are listed', () => {
    const items = Array.from({ length: 5_000 }, (_, index) => ({ instanceId: `i-${index}` }));
    expect(find('ec2:RunInstances', { responseElements: { instancesSet: { items } } })).toHaveLength(20);
  });
});

describe('records that somebody made hostile', () => {
  test.each<[string, JsonObject]>([
    ['an id of an event with a line break', { eventID: 'a\nb' }],
    ['no account', { recipientAccountId: undefined }],
    ['an account that is none', { recipientAccountId: '*' }],
    ['a service that is none of AWS', { eventSource: 'iam.amazonaws.com.evil.example' }],
    ['a time that is none', { eventTime: 'yesterday' }],
    ['a Region with a path', { awsRegion: '../../etc' }],
    ['no identity', { userIdentity: 'root' }],
  ])('GIVEN %s THEN it is no record', (_, more) => {
    expect(readRecord(rawRecord('iam:CreateUser', more))).toBeUndefined();
  });

  test.each([
    ['nothing', undefined],
    ['no JSON', '{'],
    ['a text', '"x"'],
    ['a megabyte', JSON.stringify({ x: 'y'.repeat(1_000_000) })],
  ])('GIVEN %s THEN it is no record', (_, text) => expect(parseRecord(text)).toBeUndefined());

  test.each<[string, JsonObject]>([
    ['an object for a name', { responseElements: { user: { arn: { toString: 'x' } } } }],
    ['a name without an end', { responseElements: { user: { arn: 'x'.repeat(100_000) } } }],
    [
      'a prototype',
      JSON.parse('{"responseElements":{"__proto__":{"user":{"arn":"arn:aws:iam::1:user/x"}}}}') as JsonObject,
    ],
  ])('GIVEN %s THEN nothing is made of it', (_, more) => {
    expect(find('iam:CreateUser', more)).toEqual([]);
  });

  test('GIVEN a role of another account by its ARN THEN the target says so, and the guard rails refuse it', () => {
    const [one] = find('iam:CreateRole', { responseElements: { role: { arn: 'arn:aws:iam::999999999999:role/r' } } });
    expect(one?.contain?.target).toMatchObject({ id: 'arn:aws:iam::999999999999:role/r', account: ACCOUNT });
  });

  test('whatever parameters hold, nothing is thrown and ids stay bounded', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...DEEDS.map(({ call }) => call)),
        fc.jsonValue({ maxDepth: 4 }),
        fc.jsonValue({ maxDepth: 4 }),
        (call, requestParameters, responseElements) => {
          for (const { finding } of find(call, { requestParameters, responseElements })) {
            expect(finding.id.length).toBeLessThanOrEqual(2_048);
          }
        },
      ),
    );
  });
});
