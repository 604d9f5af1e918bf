import type { Event } from '../../../lib/model/event';
import { sha256 } from '../../../lib/model/ids';
import { isJsonObject, type JsonObject } from '../../../lib/model/json';
import { isoTime, type Around } from './cloudtrail-event';
import { flowLogRecord, VPC_FLOW } from './flow-log';

/**
 * A line of an application's log: a JSON object as it is, a line of a VPC flow log by its fields where the log group is
 * one, any other text as `{ message }`, so that keyword rules see it. The id is that of the log event, which a repeated delivery keeps; applications have none of their own
 * that could be trusted.
 */
export function applicationEvent(
  line: string,
  from: { group: string; id: string; service?: string },
  around: Around,
  receivedAt: Date,
): Event {
  return {
    source: 'application',
    id: `log-${sha256(JSON.stringify([from.group, from.id, line])).slice(0, 32)}`,
    time: isoTime(around.time, receivedAt),
    account: around.account ?? '',
    region: around.region ?? '',
    record: (from.service === VPC_FLOW ? flowLogRecord(line) : undefined) ?? parseLine(line),
  };
}

function parseLine(line: string): JsonObject {
  if (!line.trimStart().startsWith('{')) return { message: line };
  try {
    const parsed: unknown = JSON.parse(line);
    return isJsonObject(parsed) ? parsed : { message: line };
  } catch {
    // Half a line of JSON is still a text that a keyword may be in.
    return { message: line };
  }
}
