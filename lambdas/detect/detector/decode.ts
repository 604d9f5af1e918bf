import { isJsonObject, textAt, type JsonObject } from '../../../lib/model/json';
import type { Delivery, Event } from '../../../lib/model/event';
import type { Logsource } from '../../../lib/sigma/compiled-rules';
import { cloudTrailEvent } from './cloudtrail-event';
import { decodeLogs } from './decode-logs';
import { guardDutyEvent } from './guardduty-event';
import { CLOUDTRAIL, GUARDDUTY, type LogSourceSetting } from './log-sources';

export type Decoded =
  | { readonly kind: 'event'; readonly event: Event; readonly delivery: Delivery; readonly logsource: Logsource }
  | Rejected;

/** What could not be read: parked with its place, while everything beside it goes on. */
export interface Rejected {
  readonly kind: 'rejected';
  /** Log group, stream, log event id and index, or the kind of the envelope. */
  readonly place: string;
  readonly reason: string;
  readonly body: string;
}

export interface DecodeContext {
  readonly receivedAt: Date;
  readonly region: string;
  readonly logSources: readonly LogSourceSetting[];
  readonly ownLogGroup?: string;
}

export const CLOUDTRAIL_DETAIL_TYPES = ['AWS API Call via CloudTrail', 'AWS Console Sign In via CloudTrail'];
export const GUARDDUTY_DETAIL_TYPE = 'GuardDuty Finding';

/** What Lambda was called with, to events. Never throws: what is no event is told and parked. */
export function decode(payload: unknown, context: DecodeContext): Decoded[] {
  try {
    if (isJsonObject(payload) && isJsonObject(payload.awslogs)) return decodeLogs(payload.awslogs, context);
    if (isJsonObject(payload) && typeof payload['detail-type'] === 'string') return [decodeBus(payload, context)];
    return [
      rejected(
        'payload',
        'neither a CloudWatch Logs delivery (awslogs.data) nor an EventBridge event (detail-type)',
        payload,
      ),
    ];
  } catch (error) {
    return [rejected('payload', reasonOf(error), payload)];
  }
}

function decodeBus(payload: JsonObject, { receivedAt }: DecodeContext): Decoded {
  const type = textAt(payload, 'detail-type') ?? '';
  const place = `EventBridge event ${textAt(payload, 'id') ?? '(no id)'} (${type})`;
  const delivery: Delivery = { via: 'eventbridge', from: type, receivedAt: receivedAt.toISOString() };
  const { detail } = payload;
  if (!isJsonObject(detail)) return rejected(place, `'detail' is not an object`, payload);
  const around = {
    time: textAt(payload, 'time'),
    account: textAt(payload, 'account'),
    region: textAt(payload, 'region'),
  };
  if (CLOUDTRAIL_DETAIL_TYPES.includes(type)) {
    return { kind: 'event', event: cloudTrailEvent(detail, around, receivedAt), delivery, logsource: CLOUDTRAIL };
  }
  if (type === GUARDDUTY_DETAIL_TYPE) {
    const event = guardDutyEvent(detail, around, receivedAt);
    if (event === undefined) return rejected(place, 'the finding has no id', payload);
    return { kind: 'event', event, delivery, logsource: GUARDDUTY };
  }
  return rejected(place, `no stage looks at events of the kind '${type}'; narrow the EventBridge rule`, payload);
}

export function rejected(place: string, reason: string, body: unknown): Rejected {
  return { kind: 'rejected', place, reason, body: typeof body === 'string' ? body : safeJson(body) };
}

/** Why something could not be looked at, in words. */
export function reasonOf(error: unknown): string {
  if (error instanceof RangeError) return `cannot be looked at, it may be nested too deep: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}

function safeJson(value: unknown): string {
  try {
    return value === undefined ? '(nothing)' : JSON.stringify(value);
  } catch (error) {
    return `(cannot be written as JSON: ${reasonOf(error)})`;
  }
}
