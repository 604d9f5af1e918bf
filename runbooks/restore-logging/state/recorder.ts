import {
  ConfigServiceClient,
  DescribeConfigurationRecordersCommand,
  DescribeConfigurationRecorderStatusCommand,
  DescribeDeliveryChannelsCommand,
} from '@aws-sdk/client-config-service';
import { textAt, type JsonObject } from '../../../lib/model/json';
import { plain, same } from './trails';
import type { Where } from './where';

/** AWS Config in a Region: it takes one recorder and one channel of a customer's own. */
export type Recorder = {
  readonly recorder: JsonObject | null;
  readonly arn: string | null;
  readonly channel: JsonObject | null;
  readonly recording: boolean;
  readonly error: string | null;
  readonly startedAt: string | null;
  readonly stoppedAt: string | null;
};

export async function readRecorder({ aws }: Where): Promise<Recorder> {
  const config = aws.of(ConfigServiceClient);
  const { ConfigurationRecorders } = await config.send(new DescribeConfigurationRecordersCommand({}));
  const { ConfigurationRecordersStatus } = await config.send(new DescribeConfigurationRecorderStatusCommand({}));
  const { DeliveryChannels } = await config.send(new DescribeDeliveryChannelsCommand({}));
  // Recorders that belong to a service of AWS are its own.
  const found = (ConfigurationRecorders ?? []).find(({ servicePrincipal }) => servicePrincipal === undefined);
  const status = (ConfigurationRecordersStatus ?? []).find(({ name }) => name === found?.name);
  const channel = DeliveryChannels?.[0];
  return {
    recorder: found
      ? (plain({
          name: found.name,
          roleARN: found.roleARN,
          recordingGroup: found.recordingGroup,
          recordingMode: found.recordingMode,
        }) as JsonObject)
      : null,
    arn: found?.arn ?? null,
    channel: channel ? (plain(channel) as JsonObject) : null,
    recording: status?.recording ?? false,
    error: status?.lastStatus === 'Failure' ? (status.lastErrorMessage ?? status.lastErrorCode ?? 'unknown') : null,
    startedAt: status?.lastStartTime?.toISOString() ?? null,
    stoppedAt: status?.lastStopTime?.toISOString() ?? null,
  };
}

/** What is not as the baseline says, in words. What the baseline does not have is nobody's loss. */
export function recorderDifferences(baseline: Recorder, now: Recorder): string[] {
  const name = textAt(baseline.recorder, 'name') ?? '';
  return [
    ...(baseline.recorder === null || same(baseline.recorder, now.recorder)
      ? []
      : [`configuration recorder '${name}' ${now.recorder === null ? 'is gone' : 'was changed'}`]),
    ...(baseline.channel === null || same(baseline.channel, now.channel)
      ? []
      : [`the delivery channel of AWS Config ${now.channel === null ? 'is gone' : 'was changed'}`]),
    ...(baseline.recording && !now.recording ? [`configuration recorder '${name}' does not record`] : []),
    ...(baseline.recording && now.error !== null ? [`configuration recorder '${name}' fails: ${now.error}`] : []),
  ];
}
