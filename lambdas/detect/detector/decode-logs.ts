import { gunzipSync } from 'node:zlib';
import type { Delivery } from '../../../lib/model/event';
import { isJsonObject, textAt, type Json, type JsonObject } from '../../../lib/model/json';
import type { Logsource } from '../../../lib/sigma/compiled-rules';
import { applicationEvent } from './application-event';
import { cloudTrailEvent } from './cloudtrail-event';
import { reasonOf, rejected, type DecodeContext, type Decoded } from './decode';
import { logsourceOf, type LogSourceSetting } from './log-sources';

/** Far above what one delivery holds, and below what the function's memory does: a gzip bomb stops here. */
const MAX_UNPACKED = 64 * 1024 * 1024;

/** A delivery of a subscription filter: base64 of gzip of JSON with log events. */
export function decodeLogs(awslogs: JsonObject, context: DecodeContext): Decoded[] {
  let batch: unknown;
  try {
    if (typeof awslogs.data !== 'string') throw new Error("'awslogs.data' is not a text");
    batch = JSON.parse(
      gunzipSync(Buffer.from(awslogs.data, 'base64'), { maxOutputLength: MAX_UNPACKED }).toString('utf8'),
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [rejected('CloudWatch Logs delivery', `not base64 of gzip of JSON: ${reason}`, awslogs)];
  }
  if (!isJsonObject(batch))
    return [rejected('CloudWatch Logs delivery', 'the unpacked delivery is not an object', batch)];
  // CloudWatch probes every new subscription; nothing to detect.
  if (batch.messageType === 'CONTROL_MESSAGE') return [];
  if (batch.messageType !== 'DATA_MESSAGE' || !Array.isArray(batch.logEvents)) {
    return [
      rejected('CloudWatch Logs delivery', "'messageType' is not DATA_MESSAGE, or 'logEvents' is not a list", batch),
    ];
  }
  const group = textAt(batch, 'logGroup') ?? '(no log group)';
  // Whatever is logged about our own lines would be the next line.
  if (group === context.ownLogGroup) return [];
  const from = `${group}:${textAt(batch, 'logStream') ?? ''}`;
  const owner = textAt(batch, 'owner') ?? '';
  const setting = context.logSources.find((source) => source.logGroup === group);
  const delivery = { via: 'subscription-filter', from, receivedAt: context.receivedAt.toISOString() } as const;
  const batchPlace = { group, from, owner, setting, delivery, logsource: logsourceOf(setting) };
  return batch.logEvents.map((logEvent, index) => decodeLine(logEvent, index, batchPlace, context));
}

/** What is the same for all lines of a delivery. */
interface Batch {
  readonly group: string;
  readonly from: string;
  readonly owner: string;
  readonly setting: LogSourceSetting | undefined;
  readonly delivery: Delivery;
  readonly logsource: Logsource;
}

function decodeLine(logEvent: Json, index: number, batch: Batch, context: DecodeContext): Decoded {
  const { group, from, owner, setting, delivery, logsource } = batch;
  const id = isJsonObject(logEvent) && typeof logEvent.id === 'string' ? logEvent.id : '';
  const place = (): string => `${from}, log event ${id} (index ${index})`;
  try {
    if (!isJsonObject(logEvent) || typeof logEvent.message !== 'string')
      return rejected(place(), "'message' is not a text", logEvent);
    const time = typeof logEvent.timestamp === 'number' ? new Date(logEvent.timestamp) : undefined;
    const around = { time, account: owner, region: context.region };
    // A group that nobody named is trusted least, whatever its lines look like.
    if (setting?.source !== 'cloudtrail') {
      return {
        kind: 'event',
        event: applicationEvent(
          logEvent.message,
          { group, id, service: logsource.service },
          around,
          context.receivedAt,
        ),
        delivery,
        logsource,
      };
    }
    const record: unknown = JSON.parse(logEvent.message);
    if (!isJsonObject(record)) return rejected(place(), 'a CloudTrail record is a JSON object', logEvent.message);
    return { kind: 'event', event: cloudTrailEvent(record, around, context.receivedAt), delivery, logsource };
  } catch (error) {
    const body = isJsonObject(logEvent) && typeof logEvent.message === 'string' ? logEvent.message : logEvent;
    return rejected(place(), reasonOf(error), body);
  }
}
