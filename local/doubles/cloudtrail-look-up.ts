import { textAt, type JsonObject } from '../../lib/model/json';
import type { Double } from '.';

/** A page, as CloudTrail gives them. */
const PAGE = 50;

/** The attributes that Firebreak asks by. */
const KNOWN = ['AccessKeyId', 'EventName', 'EventSource', 'ResourceName', 'Username'];

/** What was put in by `putTrailEvent`, for as long as the proxy lives: names are never given twice. */
const events: JsonObject[] = [];

/** CloudTrail knows this record from now on. */
export function putTrailEvent(record: JsonObject): void {
  events.push(record);
}

/** CloudTrail's LookupEvents, which MiniStack accepts and always answers with nothing. Stateful. */
export const lookUpEvents: Double = ({ body }) => {
  const { status, text } = answerLookUp(events, body.toString('utf8') || '{}');
  return Promise.resolve({ status, contentType: 'application/x-amz-json-1.1', body: text });
};

/** The answer to a LookupEvents: events by one attribute or all, and since a time, newest first, 50 a page. */
export function answerLookUp(from: readonly JsonObject[], request: string): { status: number; text: string } {
  const asked = JSON.parse(request) as JsonObject;
  const [attribute] = (asked['LookupAttributes'] ?? []) as { AttributeKey: string; AttributeValue: string }[];
  const since = typeof asked['StartTime'] === 'number' ? asked['StartTime'] : 0;
  const start = Number(asked['NextToken'] ?? 0);
  const { AttributeKey: key, AttributeValue: value } = attribute ?? {};
  if (key !== undefined && !KNOWN.includes(key)) {
    return refusedLookUp('InvalidLookupAttributesException', `the double of CloudTrail knows no attribute '${key}'`);
  }
  const found = from
    .filter((record) => seconds(record) >= since && (key === undefined || has(record, key, value)))
    .sort((a, b) => seconds(b) - seconds(a));
  const Events = found.slice(start, start + PAGE).map((record) => ({
    EventId: textAt(record, 'eventID') ?? '',
    EventName: textAt(record, 'eventName') ?? '',
    EventTime: seconds(record),
    CloudTrailEvent: JSON.stringify(record),
  }));
  const more = found.length > start + PAGE && { NextToken: String(start + PAGE) };
  return { status: 200, text: JSON.stringify({ Events, ...more }) };
}

export function refusedLookUp(code: string, message: string): { status: number; text: string } {
  return { status: 400, text: JSON.stringify({ __type: code, message }) };
}

function seconds(record: JsonObject): number {
  return Date.parse(textAt(record, 'eventTime') ?? '') / 1000;
}

/** IAM's calls name users and roles as resources. */
function has(record: JsonObject, key: string, value = ''): boolean {
  switch (key) {
    case 'ResourceName':
      return ['userName', 'roleName', 'roleArn'].some((name) => textAt(record, `requestParameters.${name}`) === value);
    case 'Username':
      return requester(record) === value;
    case 'AccessKeyId':
      return textAt(record, 'userIdentity.accessKeyId') === value;
    case 'EventName':
      return textAt(record, 'eventName') === value;
    case 'EventSource':
      return textAt(record, 'eventSource') === value;
    default:
      return false;
  }
}

/** CloudTrail's user name of a session is the name of the session. */
function requester(record: JsonObject): string | undefined {
  if (textAt(record, 'userIdentity.type') !== 'AssumedRole') return textAt(record, 'userIdentity.userName');
  return textAt(record, 'userIdentity.arn')?.split('/').at(-1);
}
