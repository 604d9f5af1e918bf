import type { Event } from '../../../lib/model/event';
import { isJsonObject, textAt, type Json, type JsonObject } from '../../../lib/model/json';
import { isoTime, type Around } from './cloudtrail-event';

/**
 * A GuardDuty finding to an event; undefined where it has no id. GuardDuty writes what happens again, for weeks, into the
 * same finding: each update is an event of its own, and only a second delivery of it is the same.
 */
export function guardDutyEvent(detail: JsonObject, around: Around, receivedAt: Date): Event | undefined {
  // EventBridge writes `accountId`, the API and what is exported from it `AccountId`: rules see the first.
  const record = detail.id === undefined && detail.Id !== undefined ? camelCased(detail) : detail;
  const finding = textAt(record, 'id');
  if (finding === undefined) return undefined;
  const updatedAt = textAt(record, 'updatedAt');
  const id = updatedAt === undefined ? finding : `${finding}@${updatedAt}`;
  return {
    source: 'guardduty',
    id,
    time: isoTime(textAt(record, 'service.eventLastSeen'), textAt(record, 'updatedAt'), around.time, receivedAt),
    account: textAt(record, 'accountId') ?? around.account ?? '',
    region: textAt(record, 'region') ?? around.region ?? '',
    record,
  };
}

function camelCased(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [`${key.charAt(0).toLowerCase()}${key.slice(1)}`, inner(value)]),
  );
}

function inner(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((item) => inner(item) ?? null);
  return isJsonObject(value) ? camelCased(value) : value;
}
