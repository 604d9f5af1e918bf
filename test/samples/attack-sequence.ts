import type { JsonObject } from '../../lib/model/json';
import { ACCOUNT } from './alert';

/** `service.detection.sequence` as GuardDuty writes it; names follow its API reference. */
export const SEQUENCE: JsonObject = {
  uid: 'sequence-1',
  description: 'A sequence of actions involving 9 signals.',
  actors: [
    {
      id: 'user-1',
      user: {
        name: 'alice',
        uid: 'AIDAEXAMPLE',
        type: 'IAMUser',
        credentialUid: 'AKIAIOSFODNN7EXAMPLE',
        account: { uid: ACCOUNT, name: 'production' },
      },
    },
    {
      id: 'user-2',
      user: { name: 'web', uid: 'AROAEXAMPLE:i-0123456789abcdef0', type: 'AssumedRole', account: { uid: ACCOUNT } },
      session: { uid: 'session-1', issuer: `arn:aws:iam::${ACCOUNT}:role/app/web`, mfaStatus: 'DISABLED' },
    },
  ],
  resources: [
    {
      uid: 'AKIAI44QH8DHBEXAMPLE',
      resourceType: 'ACCESS_KEY',
      accountId: ACCOUNT,
      region: 'eu-central-1',
      data: { accessKey: { principalId: 'AIDAEXAMPLE', userName: 'alice', userType: 'IAMUser' } },
    },
    {
      uid: `arn:aws:ec2:eu-central-1:${ACCOUNT}:instance/i-0123456789abcdef0`,
      name: 'web-1',
      resourceType: 'EC2_INSTANCE',
      accountId: ACCOUNT,
      region: 'eu-central-1',
      data: {
        ec2Instance: {
          iamInstanceProfile: { arn: `arn:aws:iam::${ACCOUNT}:instance-profile/web-profile`, id: 'AIPAEXAMPLE' },
          ec2NetworkInterfaceUids: ['eni-0123456789abcdef0'],
        },
      },
    },
    {
      uid: 'eni-0123456789abcdef0',
      resourceType: 'EC2_NETWORK_INTERFACE',
      accountId: ACCOUNT,
      region: 'eu-central-1',
      data: { ec2NetworkInterface: { publicIp: '203.0.113.9' } },
    },
    {
      uid: 'arn:aws:s3:::customer-data',
      name: 'customer-data',
      resourceType: 'S3_BUCKET',
      accountId: ACCOUNT,
      region: 'eu-central-1',
      data: { s3Bucket: { s3ObjectUids: [] } },
    },
    { uid: 'cluster-1', resourceType: 'ECS_CLUSTER', accountId: ACCOUNT, data: { ecsCluster: { status: 'ACTIVE' } } },
  ],
  endpoints: [{ id: 'endpoint-1', ip: '198.51.100.23', location: { country: 'NL' } }],
  signals: [{ uid: 'signal-1', type: 'CLOUD_TRAIL', name: 'ListBuckets', actorIds: ['user-1'] }],
};

/** The finding around it, whose `resource` names nothing. */
export function sequenceFinding(sequence: JsonObject = SEQUENCE, more: JsonObject = {}): JsonObject {
  return {
    schemaVersion: '2.0',
    accountId: ACCOUNT,
    region: 'eu-central-1',
    partition: 'aws',
    id: 'bc9e9b263e1157e59eb47aedf7d74aac',
    type: 'AttackSequence:IAM/CompromisedCredentials',
    resource: { resourceType: 'AttackSequence' },
    service: {
      serviceName: 'guardduty',
      eventFirstSeen: '2026-03-01T09:00:00.000Z',
      eventLastSeen: '2026-03-01T09:20:00.000Z',
      detection: { sequence },
    },
    severity: 9,
    title: 'Potential credential compromise',
    updatedAt: '2026-03-01T09:25:00.000Z',
    ...more,
  };
}
