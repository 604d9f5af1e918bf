import { canonicalJson } from '../../../lib/model/canonical-json';
import type { Event } from '../../../lib/model/event';
import { sha256 } from '../../../lib/model/ids';
import { textAt, type JsonObject } from '../../../lib/model/json';

/** What the envelope says where the record does not. */
export interface Around {
  readonly time?: string | Date | undefined;
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
    // How CloudTrail writes it: known to be a time without a calendar, which takes as long as finding what matches.
    if (typeof candidate === 'string' && PLAIN_TIME.test(candidate)) return `${candidate.slice(0, -1)}.000Z`;
    const time = candidate === undefined ? Number.NaN : new Date(candidate).getTime();
    if (!Number.isNaN(time)) return new Date(time).toISOString();
  }
  return new Date(0).toISOString();
}

const DATE = /(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31/;
const PLAIN_TIME = new RegExp(`^\\d{4}-(?:${DATE.source})T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\dZ$`);
