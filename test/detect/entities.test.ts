import { describe, expect, test } from '@jest/globals';
import type { Entity } from '../../lib/model/entity';
import type { Event } from '../../lib/model/event';
import { checkGuardRails } from '../../lib/model/guard-rails';
import type { JsonObject } from '../../lib/model/json';
import { entitiesOf } from '../../lambdas/detect/detector/entities';
import { neverEnforceReasons } from '../../lambdas/detect/detector/never-enforce';
import { corpusFiles, corpusLines, describeCorpus } from '../sigma/corpus';
import { busEvent, RECEIVED } from './finding';
import { cloudTrailEvent } from '../../lambdas/detect/detector/cloudtrail-event';
import { ALICE, event, HOME } from './records';

const short = ({ role, kind, id, trust }: Entity): string => `${role} ${kind} ${id} (${trust})`;
const named = (more: JsonObject): string[] => entitiesOf(event(more)).map(short);
const ROLE = {
  type: 'AssumedRole',
  arn: `arn:aws:sts::${HOME}:assumed-role/deploy/ci`,
  accountId: HOME,
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  sessionContext: {
    sessionIssuer: { type: 'Role', arn: `arn:aws:iam::${HOME}:role/team/deploy`, accountId: HOME, userName: 'deploy' },
  },
};

describe('who acted', () => {
  const quiet = { requestParameters: null, responseElements: null, sourceIPAddress: 'cloudformation.amazonaws.com' };
  test.each<[string, JsonObject, string[]]>([
    [
      'a user',
      ALICE,
      [`actor user arn:aws:iam::${HOME}:user/alice (attested)`, 'actor access-key AKIAIOSFODNN7EXAMPLE (attested)'],
    ],
    [
      'a user’s session: the user',
      { ...ALICE, accessKeyId: 'ASIAIOSFODNN7EXAMPLE', sessionContext: {} },
      [`actor user arn:aws:iam::${HOME}:user/alice (attested)`],
    ],
    [
      'a role: its session, and the role with its path',
      ROLE,
      [
        `actor role-session arn:aws:sts::${HOME}:assumed-role/deploy/ci (attested)`,
        `actor role arn:aws:iam::${HOME}:role/team/deploy (attested)`,
      ],
    ],
    [
      'root',
      { type: 'Root', accountId: HOME, arn: `arn:aws:iam::${HOME}:root` },
      [`actor root arn:aws:iam::${HOME}:root (attested)`],
    ],
    [
      'a service',
      { type: 'AWSService', invokedBy: 'autoscaling.amazonaws.com' },
      ['actor service autoscaling.amazonaws.com (attested)'],
    ],
    [
      'a federated user, and the user behind him',
      {
        type: 'FederatedUser',
        accountId: HOME,
        arn: `arn:aws:sts::${HOME}:federated-user/x`,
        sessionContext: { sessionIssuer: { type: 'IAMUser', arn: ALICE.arn } },
      },
      [`actor federated arn:aws:sts::${HOME}:federated-user/x (attested)`, `actor user ${ALICE.arn} (attested)`],
    ],
    ['another account', { type: 'AWSAccount', accountId: '444455556666' }, ['actor account 444455556666 (attested)']],
    [
      'somebody by SAML',
      { type: 'SAMLUser', principalId: 'x:alice@example.com' },
      ['actor federated x:alice@example.com (attested)'],
    ],
    ['nobody', {}, []],
  ])('%s', (_, userIdentity, expected) => {
    expect(named({ ...quiet, userIdentity })).toEqual(expected);
  });

  test('who acted is attested even where the call was refused', () => {
    expect(named({ errorCode: 'AccessDenied' })[0]).toBe(`actor user ${ALICE.arn} (attested)`);
  });

  test('a name that was typed at a failed login is only a claim', () => {
    const failed = {
      eventSource: 'signin.amazonaws.com',
      eventName: 'ConsoleLogin',
      requestParameters: null,
      errorMessage: 'Failed authentication',
      responseElements: { ConsoleLogin: 'Failure' },
    };
    expect(named(failed)[0]).toBe(`actor user ${ALICE.arn} (claimed)`);
    const recovery = {
      ...failed,
      eventName: 'PasswordRecoveryRequested',
      errorMessage: undefined,
      responseElements: { PasswordRecoveryRequested: 'Success' },
    };
    expect(named({ ...recovery, userIdentity: { type: 'Root', accountId: HOME } })[0]).toContain('(claimed)');
    expect(named({ ...failed, errorMessage: undefined, responseElements: { ConsoleLogin: 'Success' } })[0]).toContain(
      '(attested)',
    );
  });

  test('an address is only an address', () => {
    expect(named({ sourceIPAddress: '2001:db8::1' })).toContain('actor address 2001:db8::1 (attested)');
    expect(named({ sourceIPAddress: 'AWS Internal' }).filter((text) => text.includes('address'))).toEqual([]);
  });
});

describe('what was acted upon', () => {
  const REGION = { awsRegion: 'eu-central-1' };
  test.each<[string, JsonObject, string[]]>([
    [
      'the user and the key of CreateAccessKey',
      {},
      [`user arn:aws:iam::${HOME}:user/bob`, 'access-key AKIAI44QH8DHBEXAMPLE'],
    ],
    [
      'AttachRolePolicy',
      { eventName: 'AttachRolePolicy', requestParameters: { roleName: 'app' }, responseElements: null },
      [`role arn:aws:iam::${HOME}:role/app`],
    ],
    [
      'instances of a list',
      {
        ...REGION,
        eventSource: 'ec2.amazonaws.com',
        eventName: 'StopInstances',
        requestParameters: { instancesSet: { items: [{ instanceId: 'i-1' }, { instanceId: 'i-2' }] } },
        responseElements: null,
      },
      [
        `instance arn:aws:ec2:eu-central-1:${HOME}:instance/i-1`,
        `instance arn:aws:ec2:eu-central-1:${HOME}:instance/i-2`,
      ],
    ],
    [
      'a security group',
      {
        ...REGION,
        eventSource: 'ec2.amazonaws.com',
        eventName: 'AuthorizeSecurityGroupIngress',
        requestParameters: { groupId: 'sg-1' },
        responseElements: null,
      },
      [`security-group arn:aws:ec2:eu-central-1:${HOME}:security-group/sg-1`],
    ],
    [
      'a snapshot',
      {
        ...REGION,
        eventSource: 'ec2.amazonaws.com',
        eventName: 'ModifySnapshotAttribute',
        requestParameters: { snapshotId: 'snap-1' },
        responseElements: null,
      },
      ['snapshot arn:aws:ec2:eu-central-1::snapshot/snap-1'],
    ],
    [
      'a trail by its ARN, in the Region of that',
      {
        ...REGION,
        eventSource: 'cloudtrail.amazonaws.com',
        eventName: 'StopLogging',
        requestParameters: { name: `arn:aws:cloudtrail:eu-west-1:${HOME}:trail/main` },
        responseElements: null,
      },
      [`trail arn:aws:cloudtrail:eu-west-1:${HOME}:trail/main`],
    ],
    [
      'a bucket',
      {
        ...REGION,
        eventSource: 's3.amazonaws.com',
        eventName: 'PutBucketPolicy',
        requestParameters: { bucketName: 'b' },
        responseElements: null,
      },
      ['bucket arn:aws:s3:::b'],
    ],
    [
      'a function in China',
      {
        awsRegion: 'cn-north-1',
        eventSource: 'lambda.amazonaws.com',
        eventName: 'AddPermission20150331v2',
        requestParameters: { functionName: 'f' },
        responseElements: null,
      },
      [`function arn:aws-cn:lambda:cn-north-1:${HOME}:function:f`],
    ],
    ...(
      [
        ['its name', 'f'],
        ['its name and an alias', 'f:live'],
        ['a part of its ARN', `${HOME}:function:f`],
        ['a part of its ARN and a version', `${HOME}:function:f:7`],
        ['its ARN', `arn:aws:lambda:eu-central-1:${HOME}:function:f`],
        ['its ARN and an alias', `arn:aws:lambda:eu-central-1:${HOME}:function:f:live`],
      ] as const
    ).map(([how, functionName]): [string, JsonObject, string[]] => [
      `a function by ${how}`,
      {
        ...REGION,
        eventSource: 'lambda.amazonaws.com',
        eventName: 'UpdateFunctionCode20150331v2',
        requestParameters: { functionName },
        responseElements: null,
      },
      [`function arn:aws:lambda:eu-central-1:${HOME}:function:f`],
    ]),
    [
      'an image that is shared',
      {
        ...REGION,
        eventSource: 'ec2.amazonaws.com',
        eventName: 'ModifyImageAttribute',
        requestParameters: { imageId: 'ami-1', launchPermission: { add: { items: [{ group: 'all' }] } } },
        responseElements: { _return: true },
      },
      ['snapshot arn:aws:ec2:eu-central-1::image/ami-1'],
    ],
    [
      'a database snapshot that is shared, by its name',
      {
        ...REGION,
        eventSource: 'rds.amazonaws.com',
        eventName: 'ModifyDBSnapshotAttribute',
        requestParameters: { dBSnapshotIdentifier: 's', attributeName: 'restore', valuesToAdd: ['all'] },
        responseElements: null,
      },
      [`snapshot arn:aws:rds:eu-central-1:${HOME}:snapshot:s`],
    ],
    [
      'a cluster snapshot that is shared, by its ARN',
      {
        ...REGION,
        eventSource: 'rds.amazonaws.com',
        eventName: 'ModifyDBClusterSnapshotAttribute',
        requestParameters: { dBClusterSnapshotIdentifier: `arn:aws:rds:eu-central-1:${HOME}:cluster-snapshot:s` },
        responseElements: null,
      },
      [`snapshot arn:aws:rds:eu-central-1:${HOME}:cluster-snapshot:s`],
    ],
    ...['DeleteBucketPublicAccessBlock', 'PutBucketAcl', 'PutBucketReplication', 'PutBucketLifecycle'].map(
      (eventName): [string, JsonObject, string[]] => [
        `the bucket of ${eventName}`,
        {
          ...REGION,
          eventSource: 's3.amazonaws.com',
          eventName,
          requestParameters: { bucketName: 'b', Host: 'b.s3.eu-central-1.amazonaws.com' },
          responseElements: null,
        },
        ['bucket arn:aws:s3:::b'],
      ],
    ),
    [
      'a command to no instance',
      {
        ...REGION,
        eventSource: 'ssm.amazonaws.com',
        eventName: 'StartSession',
        requestParameters: { target: 'ecs:x_y' },
        responseElements: null,
      },
      [],
    ],
    [
      'RunInstances does not act upon its image',
      {
        ...REGION,
        eventSource: 'ec2.amazonaws.com',
        eventName: 'RunInstances',
        requestParameters: { imageId: 'ami-1' },
        responseElements: null,
      },
      [],
    ],
  ])('%s', (_, more, expected) => {
    const targets = entitiesOf(event(more)).filter(({ role }) => role === 'target');
    expect(targets.map(({ kind, id }) => `${kind} ${id}`)).toEqual(expected);
    expect(targets.every(({ trust }) => trust === 'confirmed')).toBe(true);
  });

  test.each<[string, JsonObject]>([
    ['an error code', { errorCode: 'AccessDenied' }],
    ['only an error message', { errorMessage: 'no' }],
  ])('is only a claim where the call has %s', (_, more) => {
    const targets = entitiesOf(event(more)).filter(({ role }) => role === 'target');
    expect(targets.map(({ trust }) => trust)).toEqual(['claimed', 'claimed']);
  });

  test('things of IAM are in one Region, wherever they were seen', () => {
    const regions = entitiesOf(event({ awsRegion: 'eu-west-3' })).map(({ kind, region }) => [kind, region]);
    expect(new Set(regions.map(([, region]) => region))).toEqual(new Set(['us-east-1']));
  });

  test('hostile names are cut and too many are left out', () => {
    const many = entitiesOf(
      event({
        eventSource: 'ec2.amazonaws.com',
        requestParameters: {
          instancesSet: {
            items: Array.from({ length: 500 }, (_, i) => ({ instanceId: `i-${i}${'x'.repeat(5_000)}` })),
          },
        },
      }),
    );
    expect(many).toHaveLength(50);
    expect(Math.max(...many.map(({ id }) => id.length))).toBe(2_048);
  });
});

test('every target that a call names has an id that the guard rails take for one of its kind', () => {
  const settings = {
    account: HOME,
    region: 'eu-central-1',
    protected: [],
    networks: [],
    maximumContainmentsPerHour: 5,
  };
  const calls: [string, JsonObject][] = [
    ['s3.amazonaws.com', { bucketName: 'my-bucket' }],
    ['lambda.amazonaws.com', { functionName: `${HOME}:function:my_function:live` }],
    ['ec2.amazonaws.com', { snapshotId: 'snap-0123456789abcdef0' }],
    ['ec2.amazonaws.com', { imageId: 'ami-0123456789abcdef0' }],
    ['rds.amazonaws.com', { dBSnapshotIdentifier: 'nightly-1' }],
    ['rds.amazonaws.com', { dBClusterSnapshotIdentifier: 'nightly-1' }],
  ];
  for (const [eventSource, requestParameters] of calls) {
    const found = entitiesOf(
      event({ awsRegion: 'eu-central-1', eventSource, eventName: 'X', requestParameters, responseElements: null }),
    ).filter(({ role }) => role === 'target');
    expect(found.map((target) => checkGuardRails({ target, arns: [], networks: [] }, settings))).toEqual([
      { allowed: true },
    ]);
  }
});

describe('never enforce', () => {
  const reasons = (more: JsonObject): string[] => neverEnforceReasons(event(more), HOME);
  test('a call of our own account has no reason', () => {
    expect(reasons({})).toEqual([]);
  });
  test('services, foreign callers and application logs have one', () => {
    expect(reasons({ userIdentity: { type: 'AWSService', invokedBy: 'x.amazonaws.com' } })).toEqual([
      'an AWS service acted, not a principal',
    ]);
    expect(reasons({ userIdentity: { ...ALICE, accountId: '444455556666' } })).toEqual([
      'the account of the caller is account 444455556666, not the home account 111122223333',
    ]);
    const application: Event = { ...event(), source: 'application' };
    expect(neverEnforceReasons(application, HOME)).toHaveLength(1);
    expect(entitiesOf(application).every(({ trust }) => trust === 'claimed')).toBe(true);
  });
  test('a service that acts for a user leaves the user responsible', () => {
    expect(reasons({ userIdentity: { ...ALICE, invokedBy: 'cloudformation.amazonaws.com' } })).toEqual([]);
  });
});

const FINDING = {
  id: 'finding-1',
  accountId: HOME,
  region: 'eu-central-1',
  type: 'x',
  severity: 8,
  resource: {
    resourceType: 'AccessKey',
    accessKeyDetails: {
      accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
      principalId: 'AROAX:i-1',
      userType: 'AssumedRole',
      userName: 'web',
    },
    instanceDetails: {
      instanceId: 'i-1',
      iamInstanceProfile: { arn: `arn:aws:iam::${HOME}:instance-profile/p/web-profile` },
    },
    s3BucketDetails: [{ name: 'b' }],
  },
  service: {
    action: { awsApiCallAction: { remoteIpDetails: { ipAddressV4: '198.51.100.7' } } },
    additionalInfo: { value: '{}', type: 'default' },
  },
};
const finding = (more: JsonObject = {}): Event =>
  busEvent(JSON.stringify({ 'detail-type': 'GuardDuty Finding', detail: { ...FINDING, ...more } }));

describe('a GuardDuty finding', () => {
  test('names the session, the role, the instance, the bucket and the address', () => {
    expect(entitiesOf(finding()).map(short)).toEqual([
      `actor role-session arn:aws:sts::${HOME}:assumed-role/web/i-1 (finding)`,
      `actor role arn:aws:iam::${HOME}:role/web (finding)`,
      `target instance arn:aws:ec2:eu-central-1:${HOME}:instance/i-1 (finding)`,
      `actor role arn:aws:iam::${HOME}:role/web-profile (claimed)`,
      'target bucket arn:aws:s3:::b (finding)',
      'actor address 198.51.100.7 (finding)',
    ]);
  });

  test('of our account has no reason against it; samples and foreign accounts have', () => {
    expect(neverEnforceReasons(finding(), HOME)).toEqual([]);
    expect(neverEnforceReasons(finding({ title: '[SAMPLE] x' }), HOME)).toEqual(['a GuardDuty sample finding']);
    expect(neverEnforceReasons(finding({ service: { additionalInfo: { sample: true } } }), HOME)).toHaveLength(1);
    expect(
      neverEnforceReasons(finding({ service: { additionalInfo: { value: '{"sample":true}' } } }), HOME),
    ).toHaveLength(1);
    expect(neverEnforceReasons(finding({ accountId: '444455556666' }), HOME)).toHaveLength(1);
  });
});

describeCorpus('real records', () => {
  test('every GuardDuty finding is a sample that names its resource', () => {
    for (const { path, text } of corpusFiles('findings/guardduty', '.json')) {
      const read = busEvent(text);
      expect([path, neverEnforceReasons(read, undefined)]).toEqual([path, ['a GuardDuty sample finding']]);
      const kinds = entitiesOf(read).map(({ kind }) => kind);
      if (!path.includes('RDS')) expect([path, kinds]).toEqual([path, expect.arrayContaining(['instance'])]);
    }
  });

  test('every record with an identity has an actor, and failed calls confirm nothing', () => {
    const records = [
      ...corpusLines('events/stratus-detonations.jsonl').map((line) => line.event as JsonObject),
      ...corpusLines('events/panther-cloudtrail-tests.jsonl').map((line) => line.log as JsonObject),
      ...corpusLines('events/cloudtrail-custodian.jsonl'),
    ];
    let withActor = 0;
    for (const one of records) {
      const entities = entitiesOf(cloudTrailEvent(one, {}, RECEIVED));
      if (entities.some(({ role, kind }) => role === 'actor' && kind !== 'address')) withActor++;
      if (one.errorCode !== undefined) expect(entities.filter(({ trust }) => trust === 'confirmed')).toEqual([]);
    }
    expect(withActor / records.length).toBeGreaterThan(0.9);
  });
});
