import { cloudTrailEvent } from '../../lambdas/detect/detector/cloudtrail-event';
import { decode } from '../../lambdas/detect/detector/decode';
import { CLOUDTRAIL } from '../../lambdas/detect/detector/log-sources';
import type { Delivery, Event } from '../../lib/model/event';
import { isJsonObject } from '../../lib/model/json';
import type { Logsource } from '../../lib/sigma/compiled-rules';

/** Files say nothing about when they were received, and the same file must give the same events. */
const RECEIVED = new Date(0);

/** Marks an EventBridge event; anything else is a CloudTrail record. */
export const DETAIL_TYPE = 'detail-type';

export interface Read {
  readonly event: Event;
  readonly logsource: Logsource;
  readonly delivery: Delivery;
}

/** A parsed record to the event that the detector would see; a text where it is none. */
export function toEvent(record: unknown): Read | string {
  if (!isJsonObject(record)) return 'a record is a JSON object';
  if (typeof record[DETAIL_TYPE] !== 'string') {
    const delivery: Delivery = { via: 'subscription-filter', from: 'a file', receivedAt: RECEIVED.toISOString() };
    return { event: cloudTrailEvent(record, {}, RECEIVED), logsource: CLOUDTRAIL, delivery };
  }
  const [decoded] = decode(record, { receivedAt: RECEIVED, region: '', logSources: [] });
  return decoded?.kind === 'event' ? decoded : (decoded?.reason ?? 'holds nothing');
}
