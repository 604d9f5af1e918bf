import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { GetKeyPolicyCommand, GetKeyRotationStatusCommand } from '@aws-sdk/client-kms';
import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { orNone } from '../complete/completion';
import { type Describers } from './describers';

export const storage: Describers = {
  'AWS::DynamoDB::Table': async (api, { physicalId: TableName }) => {
    const { Table } = await api.tables.send(new DescribeTableCommand({ TableName }));
    const { TimeToLiveDescription: ttl } = await api.tables.send(new DescribeTimeToLiveCommand({ TableName }));
    const backups = await api.tables.send(new DescribeContinuousBackupsCommand({ TableName }));
    const recovery = backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
    return {
      BillingMode: Table?.BillingModeSummary?.BillingMode,
      DeletionProtectionEnabled: Table?.DeletionProtectionEnabled,
      KeySchema: Table?.KeySchema,
      GlobalSecondaryIndexes: Table?.GlobalSecondaryIndexes?.map(({ IndexName, KeySchema, Projection }) => ({
        IndexName,
        KeySchema,
        Projection,
      })),
      'PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled': recovery === 'ENABLED',
      'SSESpecification.SSEEnabled': Table?.SSEDescription?.Status === 'ENABLED',
      'StreamSpecification.StreamViewType': Table?.StreamSpecification?.StreamViewType,
      'TimeToLiveSpecification.AttributeName': ttl?.AttributeName,
      'TimeToLiveSpecification.Enabled': ttl?.TimeToLiveStatus === 'ENABLED',
    };
  },
  'AWS::KMS::Key': async (api, { physicalId: KeyId }) => {
    const { KeyRotationEnabled } = await api.keys.send(new GetKeyRotationStatusCommand({ KeyId }));
    const { Policy } = await api.keys.send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }));
    return { EnableKeyRotation: KeyRotationEnabled, KeyPolicy: Policy };
  },
  'AWS::S3::Bucket': async (api, { physicalId: Bucket }) => {
    const encryption = await api.s3.send(new GetBucketEncryptionCommand({ Bucket }));
    const byDefault = encryption.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault;
    const lifecycle = await orNone(
      ['NoSuchLifecycleConfiguration'],
      api.s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })),
    );
    const lock = await orNone(
      ['ObjectLockConfigurationNotFoundError'],
      api.s3.send(new GetObjectLockConfigurationCommand({ Bucket })),
    );
    const access = await orNone(
      ['NoSuchPublicAccessBlockConfiguration'],
      api.s3.send(new GetPublicAccessBlockCommand({ Bucket })),
    );
    const { Status } = await api.s3.send(new GetBucketVersioningCommand({ Bucket }));
    return {
      'BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.SSEAlgorithm':
        byDefault?.SSEAlgorithm,
      'BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.KMSMasterKeyID':
        byDefault?.KMSMasterKeyID,
      'LifecycleConfiguration.Rules.length': lifecycle?.Rules?.length,
      'LifecycleConfiguration.Rules.0.ExpirationInDays': lifecycle?.Rules?.[0]?.Expiration?.Days,
      'ObjectLockConfiguration.Rule': lock?.ObjectLockConfiguration?.Rule,
      ObjectLockEnabled: lock?.ObjectLockConfiguration?.ObjectLockEnabled === 'Enabled',
      PublicAccessBlockConfiguration: access?.PublicAccessBlockConfiguration,
      'VersioningConfiguration.Status': Status,
    };
  },
  'AWS::S3::BucketPolicy': async (api, { properties }) => {
    const { Policy } = await api.s3.send(new GetBucketPolicyCommand({ Bucket: String(properties.Bucket) }));
    return { PolicyDocument: Policy };
  },
  'AWS::SSM::Parameter': async (api, { physicalId: Name }) => {
    const { Parameter } = await api.parameters.send(new GetParameterCommand({ Name }));
    return { Type: Parameter?.Type, Value: Parameter?.Value };
  },
};
