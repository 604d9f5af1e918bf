import { DescribeConfigurationRecordersCommand, type ConfigServiceClient } from '@aws-sdk/client-config-service';
import type { RecordedCall } from '../../local/proxy/call';
import { ACCOUNT, REGION, type Asked } from './asked';

/** What AWS asks about where logging is put back. */
export function ofLogging(call: RecordedCall, config: ConfigServiceClient): Promise<Asked[]> {
  switch (call.service) {
    case 'cloudtrail':
      return Promise.resolve(ofTrail(call));
    case 'config':
      return ofRecorder(call, config);
    default:
      return Promise.resolve(ofDetector(call));
  }
}

function ofTrail({ resource }: RecordedCall): Asked[] {
  const name = resource['Name'] ?? resource['TrailName'];
  if (name === undefined) return [];
  return [[name.startsWith('arn:') ? name : `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/${name}`]];
}

async function ofRecorder({ operation }: RecordedCall, config: ConfigServiceClient): Promise<Asked[]> {
  if (operation === 'PutDeliveryChannel') return [['*']];
  const { ConfigurationRecorders } = await config.send(new DescribeConfigurationRecordersCommand({}));
  const [recorder] = ConfigurationRecorders ?? [];
  // AWS puts an id behind the name.
  const arn = `arn:aws:config:${REGION}:${ACCOUNT}:configuration-recorder/${recorder?.name ?? ''}/1a2b3c4d`;
  if (operation !== 'PutConfigurationRecorder') return [[arn]];
  const passed = { 'iam:PassedToService': 'config.amazonaws.com' };
  return [[arn], [recorder?.roleARN ?? '', passed, 'iam:PassRole']];
}

function ofDetector({ operation, resource }: RecordedCall): Asked[] {
  if (/^Create(?:Detector|PublishingDestination)$/.test(operation)) return [['*']];
  const { DetectorId = '', FilterName, IpSetId, DestinationId } = resource;
  const part = [
    ...(FilterName === undefined ? [] : ['filter', FilterName]),
    ...(IpSetId === undefined ? [] : ['ipset', IpSetId]),
    ...(DestinationId === undefined ? [] : ['publishingdestination', DestinationId]),
  ];
  return [[['arn:aws:guardduty', REGION, ACCOUNT, ['detector', DetectorId, ...part].join('/')].join(':')]];
}
