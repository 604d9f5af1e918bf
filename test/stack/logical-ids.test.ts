import { describe, expect, test } from '@jest/globals';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { LogSource } from '../../lib';
import { resourcesOf, sampleApp, sampleStack } from './sample-stack';

const resources = resourcesOf(sampleStack(sampleApp()).stack);

/** What holds something that a replacement would lose: data, messages, confirmations, a brake that is on. */
const STATEFUL = [
  'AWS::DynamoDB::Table',
  'AWS::Events::EventBus',
  'AWS::KMS::Key',
  'AWS::Logs::SubscriptionFilter',
  'AWS::S3::Bucket',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::SSM::Parameter',
  'AWS::ApiGatewayV2::Api',
  'AWS::IAM::ManagedPolicy',
];

/**
 * A changed id is a replacement: never "fix" this list to make the test pass. Where a part must move, it keeps its id
 * by `overrideLogicalId`.
 */
const PINNED: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApiGatewayV2::Api': ['FirebreakEscalationEndpointApi81601348'],
  'AWS::DynamoDB::Table': ['FirebreakDetectorCorrelationsTable66DB1151', 'FirebreakStoreTable66305DD4'],
  'AWS::Events::EventBus': ['FirebreakPublisherBus8250EE4B'],
  'AWS::IAM::ManagedPolicy': [
    'FirebreakContainmentQuarantinePolicyB7029E87',
    'FirebreakContainmentRunBoundaryPolicyE4DD52D0',
  ],
  'AWS::KMS::Key': ['FirebreakEncryptionKeyAC4A4655'],
  'AWS::Logs::SubscriptionFilter': [
    'FirebreakDetectorSubscription897ABBB1E735B762',
    'FirebreakDetectorSubscription8D9001D3C6226DBF',
  ],
  'AWS::S3::Bucket': ['FirebreakVaultAccessLogsCF52DC1D', 'FirebreakVaultBucketE8649E7A'],
  'AWS::SNS::Subscription': [
    'FirebreakStakeholderUpdatesTopicemail4ea37eb6176dmanagementexamplecomBF9C9BC7',
    'MachinesSampleOnCallAlarmTopic5FC9E7E3E423CA79',
    'OnCallAlarmRelayTopicA18D4FC5',
    'OnCallAlarmTopic15555550100E6110DD4',
    'OnCallAlarmTopicfirstexamplecom96DC09DB',
    'OnCallTopicemail27b677683f02secondexamplecom4578A453',
    'OnCallTopicemailf7faa8d2b759firstexamplecom237AABD9',
  ],
  'AWS::SNS::Topic': [
    'FirebreakDeploymentTopicD9431E50',
    'FirebreakStakeholderUpdatesTopicemail4ea37eb6176d1ECA03C1',
    'OnCallAlarmTopic6015FDBF',
    'OnCallTopicemail27b677683f023DDC5A09',
    'OnCallTopicemailf7faa8d2b7593460E55C',
  ],
  'AWS::SQS::Queue': [
    'FirebreakAlertsDeadLetterQueueF438FD1B',
    'FirebreakAlertsQueueE69DCE5D',
    'FirebreakContainmentAuditorDeadLetterQueue11C4B55B',
    'FirebreakContainmentSnapshotCopierDeadLetterQueue797C5EBD',
    'FirebreakDetectorDeadLetterQueue365773E7',
    'FirebreakDetectorRejectedQueue63E7B1F6',
    'FirebreakPublisherDeadLetterQueueD8607BAD',
    'FirebreakReportWriterDeadLetterQueue370537A1',
    'FirebreakReportWriterQueue9F67DE6D',
    'FirebreakStakeholderUpdatesDeadLetterQueueC4667FCD',
    'FirebreakStakeholderUpdatesQueue87B6E6FF',
    'FirebreakSweepDeadLetterQueue18A7B5F8',
    'FirebreakTriageReconcilerDeadLetterQueueF7F792DE',
    'OnCallAlarmRelayDeadLetters012C1C01',
    'OnCallDeadLetterQueue24CDEEE2',
  ],
  'AWS::SSM::Parameter': ['FirebreakContainmentBrakeParameter0921475A'],
};

describe('logical ids', () => {
  test('of everything stateful stay', () => {
    const found = Object.fromEntries(
      STATEFUL.map((type) => [
        type,
        [...resources]
          .filter(([, { Type }]) => Type === type)
          .map(([id]) => id)
          .sort(),
      ]),
    );
    expect(found).toEqual(PINNED);
  });

  test('stay when something is added: another source', () => {
    const app = sampleApp();
    const { stack, firebreak } = sampleStack(app);
    firebreak.detector.addSource(LogSource.application(LogGroup.fromLogGroupName(stack, 'Another', 'another')));
    const after = resourcesOf(stack);
    const ids = (of: typeof resources) => [...of].filter(([, { Type }]) => STATEFUL.includes(Type)).map(([id]) => id);
    expect(ids(after)).toEqual(expect.arrayContaining(ids(resources)));
    expect(ids(after)).toHaveLength(ids(resources).length + 1);
  });

  test('what is kept when the stack goes is exactly this', () => {
    const kept = [...resources]
      .filter(([, { DeletionPolicy = 'Delete' }]) => DeletionPolicy !== 'Delete')
      .map(
        ([id, { DeletionPolicy, UpdateReplacePolicy }]) => `${id} ${DeletionPolicy ?? ''} ${UpdateReplacePolicy ?? ''}`,
      );
    expect(kept.sort()).toEqual([
      'FirebreakEncryptionKeyAC4A4655 Retain Retain',
      'FirebreakStoreTable66305DD4 Retain Retain',
      'FirebreakVaultAccessLogsCF52DC1D Retain Retain',
      'FirebreakVaultAccessLogsPolicy5325EFF7 Retain Retain',
      'FirebreakVaultBucketE8649E7A Retain Retain',
      'FirebreakVaultBucketPolicy6420358A Retain Retain',
    ]);
  });

  test('the brake is never written again by a deployment', () => {
    const [brake] = [...resources.values()].filter(({ Type }) => Type === 'AWS::SSM::Parameter');
    expect(brake?.Properties).toEqual({
      Type: 'String',
      Value: 'released',
      Description: 'Firebreak: nothing is contained or released unless this says "released"',
    });
  });
});
