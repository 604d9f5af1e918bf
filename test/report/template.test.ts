import { beforeAll, describe, expect, test } from '@jest/globals';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AttributeType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { EvidenceVault } from '../../lib/report/evidence-vault';
import { Publisher } from '../../lib/report/publisher';
import { ReportWriter } from '../../lib/report/report-writer';
import { VaultArea } from '../../lib/report/vault-area';
import { roleStatements } from '../support/role-statements';

interface Statement {
  readonly Action: string | string[];
  readonly Effect: string;
  readonly Resource: unknown;
}

let template: Template;
beforeAll(() => {
  const stack = new Stack(new App(), 'Stack');
  const partitionKey = { name: 'pk', type: AttributeType.STRING };
  const table = new Table(stack, 'Table', { partitionKey, stream: StreamViewType.NEW_IMAGE });
  const vault = new EvidenceVault(stack, 'Vault');
  const publisher = new Publisher(stack, 'Publisher', { table, vault });
  new ReportWriter(stack, 'Writer', { table, vault, bus: publisher.bus });
  template = Template.fromStack(stack);
});

function statementsOf(name: RegExp): Statement[] {
  return [...roleStatements(template)]
    .filter(([id]) => name.test(id))
    .flatMap(([, statements]) => statements as Statement[]);
}

describe('the vault', () => {
  test('can lock, keeps versions, is encrypted, private, and stays when the stack goes', () => {
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        ObjectLockEnabled: true,
        ObjectLockConfiguration: Match.absent(),
        VersioningConfiguration: { Status: 'Enabled' },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            { BucketKeyEnabled: true, ServerSideEncryptionByDefault: Match.objectLike({ SSEAlgorithm: 'aws:kms' }) },
          ],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        LoggingConfiguration: { LogFilePrefix: 'evidence-vault/' },
      },
    });
    template.allResources('AWS::KMS::Key', { DeletionPolicy: 'Retain' });
    template.allResources('AWS::S3::Bucket', { DeletionPolicy: 'Retain' });
  });

  test('forgets drafts, and nothing that is locked', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: [
          Match.objectLike({ Prefix: 'drafts/', ExpirationInDays: 90 }),
          { Id: 'forget-broken-uploads', Status: 'Enabled', AbortIncompleteMultipartUpload: Match.anyValue() },
        ],
      },
    });
  });

  test('takes nothing without a lock into a locked area, and nothing without TLS; that outlives the stack', () => {
    template.hasResource('AWS::S3::BucketPolicy', {
      DeletionPolicy: 'Retain',
      Properties: {
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
            Match.objectLike({
              Sid: 'RefuseUnlocked',
              Effect: 'Deny',
              Action: 's3:PutObject',
              Condition: { Null: { 's3:object-lock-mode': 'true' } },
              Resource: ['evidence', 'undo', 'anchors', 'reports', 'baselines'].map((area) => ({
                'Fn::Join': ['', [Match.anyValue(), `/${area}/*`]],
              })),
            }),
          ]),
        },
      },
    });
  });

  test.each([
    [Duration.hours(36), /whole days from 1 to 36500, got Duration.hours\(36\)|got 36 hours/],
    [Duration.days(0), /whole days from 1 to 36500/],
    [Duration.days(36_501), /whole days from 1 to 36500/],
  ])('refuses a retention of %s', (retention, message) => {
    expect(() => new EvidenceVault(new Stack(), 'Vault', { retention })).toThrow(message);
  });

  test('gives its retention to those who write', () => {
    const vault = new EvidenceVault(new Stack(), 'Vault', { retention: Duration.days(400) });
    expect(vault.environment['VAULT_RETENTION_DAYS']).toBe('400');
  });

  test('does not lock drafts', () => {
    const stack = new Stack();
    const vault = new EvidenceVault(stack, 'Vault');
    expect(() => vault.grantWriteLocked({} as never, VaultArea.DRAFTS)).toThrow(/use grantWriteDrafts/);
  });
});

describe('what may be done with evidence', () => {
  test('nobody of ours may end a lock, delete, or change a policy', () => {
    const actions = statementsOf(/.*/)
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap(({ Action }) => Action);
    expect(actions).not.toContain('s3:*');
    expect(actions.filter((action) => /^(?!sqs:).*(Bypass|Delete|PutBucket|LegalHold)/.test(action))).toEqual([]);
  });

  test.each([
    [/Publisher/, ['anchors']],
    [/Writer/, ['drafts', 'reports']],
  ])('%s writes into %s only', (name, areas) => {
    const written = statementsOf(name)
      .filter(({ Action }) => [Action].flat().includes('s3:PutObject'))
      .map(({ Resource }) => /\/([a-z]+)\/\*/.exec(JSON.stringify(Resource))?.[1]);
    expect(written.sort()).toEqual(areas);
  });
});

describe('the publisher', () => {
  test('reads inserts of the timeline from the beginning, in parts that can fail by themselves', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      StartingPosition: 'TRIM_HORIZON',
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 10,
      MaximumRecordAgeInSeconds: 43_200,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
      FilterCriteria: {
        Filters: [{ Pattern: '{"eventName":["INSERT"],"dynamodb":{"Keys":{"sk":{"S":[{"prefix":"TL#"}]}}}}' }],
      },
    });
  });

  test('refuses a table that has no stream', () => {
    const stack = new Stack();
    const table = new Table(stack, 'Table', { partitionKey: { name: 'pk', type: AttributeType.STRING } });
    expect(() => new Publisher(stack, 'Publisher', { table, vault: new EvidenceVault(stack, 'Vault') })).toThrow(
      "'table' of 'Default/Publisher' has no stream; switch on a stream of new images (NEW_IMAGE)",
    );
  });

  test('may read incidents and write nothing into the store', () => {
    const actions = statementsOf(/Publisher/).flatMap(({ Action }) => Action);
    expect(actions.filter((action) => /^dynamodb:(Put|Update|Delete|Batch)/.test(action))).toEqual([]);
  });
});

describe('the report writer', () => {
  test('hears every event of the publisher, and loses none', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['firebreak'], 'detail-type': Match.arrayWith(['Incident Opened', 'Incident Closed']) },
      Targets: [Match.objectLike({ DeadLetterConfig: Match.anyValue() })],
    });
  });

  test('takes a burst at once, and no worker from containment', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 5,
      ScalingConfig: { MaximumConcurrency: 2 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    template.hasResourceProperties('AWS::SQS::Queue', {
      RedrivePolicy: Match.objectLike({ maxReceiveCount: 5 }),
      VisibilityTimeout: 720,
    });
  });

  test('may not delete or update in the store', () => {
    const actions = statementsOf(/Writer/).flatMap(({ Action }) => Action);
    expect(actions.filter((action) => action.startsWith('dynamodb:')).sort()).toEqual([
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
    ]);
  });
});

test('every queue wants TLS', () => {
  const queues = Object.keys(template.findResources('AWS::SQS::Queue'));
  expect(queues).toHaveLength(3);
  expect(Object.keys(template.findResources('AWS::SQS::QueuePolicy'))).toHaveLength(3);
});
