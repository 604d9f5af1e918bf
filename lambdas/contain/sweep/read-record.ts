import { z } from 'zod';
import type { JsonObject } from '../../../lib/model/json';

/** A record is at most 256 KB (CloudTrail). */
const MAX_RECORD_CHARACTERS = 300_000;

/** What a sweep needs of a CloudTrail record; all else stays as it is, and is only ever looked at by path. */
const schema = z.looseObject({
  eventID: z.string().regex(/^[\w-]{1,100}$/),
  eventTime: z.iso.datetime({ offset: true }),
  eventSource: z.string().regex(/^[a-z0-9-]{1,60}\.amazonaws\.com$/),
  eventName: z.string().regex(/^\w{1,128}$/),
  awsRegion: z.string().regex(/^[a-z0-9-]{1,32}$/),
  recipientAccountId: z.string().regex(/^\d{12}$/),
  userIdentity: z.looseObject({
    type: z.string().max(40),
    arn: z.string().max(2048).optional(),
    accessKeyId: z.string().max(128).optional(),
  }),
  readOnly: z.boolean().optional(),
});

/** A CloudTrail record that is what it should be. */
export interface TrailRecord {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** `service:EventName`. */
  readonly call: string;
  readonly account: string;
  readonly region: string;
  readonly readOnly: boolean;
  /** True where the call failed: then it made nothing. */
  readonly failed: boolean;
  readonly raw: JsonObject;
}

/** Undefined for everything that is no CloudTrail record of this shape. */
export function readRecord(value: unknown): TrailRecord | undefined {
  const { success, data } = schema.safeParse(value);
  if (!success) return undefined;
  return {
    id: data.eventID,
    at: new Date(data.eventTime).toISOString(),
    call: `${data.eventSource.split('.')[0] ?? ''}:${data.eventName}`,
    account: data.recipientAccountId,
    region: data.awsRegion,
    readOnly: data.readOnly === true,
    failed: isSaid(data['errorCode']) || isSaid(data['errorMessage']),
    raw: data as unknown as JsonObject,
  };
}

/** The record inside of what LookupEvents gave. */
export function parseRecord(text: string | undefined): TrailRecord | undefined {
  if (text === undefined || text.length > MAX_RECORD_CHARACTERS) return undefined;
  try {
    return readRecord(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** CloudTrail leaves both out of calls that worked; some copies write null or nothing instead. */
function isSaid(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}
