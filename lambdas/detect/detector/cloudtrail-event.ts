import { canonicalJson } from '../../../lib/model/canonical-json';
import type { Event } from '../../../lib/model/event';
import { sha256 } from '../../../lib/model/ids';
import { textAt, type JsonObject } from '../../../lib/model/json';

/** What the envelope says where the record does not. */
export interface Around {
  readonly time?: string | undefined;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
}

/** A CloudTrail record to an event: the same one by whichever way it came. */
export function cloudTrailEvent(record: JsonObject, around: Around, receivedAt: Date): Event {
  return {
    source: 'cloudtrail',
    // Every real record has an id; one without is told apart by what it says.
    id: textAt(record, 'eventID') ?? `hash-${sha256(canonicalJson(record)).slice(0, 32)}`,
    time: isoTime(textAt(record, 'eventTime'), around.time, receivedAt),
    account: textAt(record, 'recipientAccountId') ?? textAt(record, 'userIdentity.accountId') ?? around.account ?? '',
    region: textAt(record, 'awsRegion') ?? around.region ?? '',
    record,
  };
}

/** The first that is a time, as ISO 8601 in UTC. */
export function isoTime(...candidates: readonly (string | undefined | Date)[]): string {
  for (const candidate of candidates) {
    const time = candidate === undefined ? Number.NaN : new Date(candidate).getTime();
    if (!Number.isNaN(time)) return new Date(time).toISOString();
  }
  return new Date(0).toISOString();
}
