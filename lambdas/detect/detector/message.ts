import type { Alert } from '../../../lib/model/alert';
import type { Json, JsonObject } from '../../../lib/model/json';
import type { Rejected } from './decode';

/**
 * Most bytes of one message. SQS takes 262,144 with every setting and emulator (1,048,576 since August 2025);
 * what follows wraps the alert, so some is left.
 */
export const MAX_MESSAGE_BYTES = 200_000;
const MAX_NAMED = 20;
/** CloudTrail nests a dozen levels. */
const MAX_DEPTH = 100;

/**
 * An alert as a message. Where it is too large, the largest fields of the evidence are taken out, and it says so. Never
 * throws for what is in the evidence: one alert that cannot be written would take its neighbours with it.
 */
export function alertBody(alert: Alert): string {
  const [whole, writable] = wholeBody(alert);
  return fitting(writable, whole);
}

function wholeBody(alert: Alert): [body: string, alert: Alert] {
  try {
    return [sqsJson(alert), alert];
  } catch (error) {
    // JSON.parse takes any depth; JSON.stringify calls itself for each level.
    if (!(error instanceof RangeError)) throw error;
    const writable = { ...alert, evidences: alert.evidences.map(({ data }) => ({ data: withoutDeep(data) })) };
    return [sqsJson(writable), writable];
  }
}

function withoutDeep(data: JsonObject): JsonObject {
  const deep: string[] = [];
  const kept = Object.entries(data).filter(([key, value]) => {
    if (depthAtMost(value, MAX_DEPTH)) return true;
    deep.push(`${key.slice(0, 60)} (nested too deep)`);
    return false;
  });
  return { ...Object.fromEntries(kept), firebreakTruncated: deep.slice(0, MAX_NAMED) };
}

function depthAtMost(value: Json | undefined, most: number): boolean {
  if (value === null || value === undefined || typeof value !== 'object') return true;
  return most > 0 && Object.values(value).every((part) => depthAtMost(part, most - 1));
}

function fitting(alert: Alert, whole: string): string {
  let excess = Buffer.byteLength(whole) - MAX_MESSAGE_BYTES;
  const [evidence] = alert.evidences;
  if (excess <= 0 || evidence === undefined) return whole;
  const kept = new Map(Object.entries(evidence.data));
  const bySize = [...kept].map(([key, value]) => ({ key, bytes: Buffer.byteLength(sqsJson({ [key]: value })) }));
  bySize.sort((a, b) => b.bytes - a.bytes);
  const removed: string[] = [];
  // What is said about the removal takes room as well: 20 names of 60 characters, each six bytes where it is escaped.
  excess += 10_000;
  for (const { key, bytes } of bySize) {
    if (excess <= 0) break;
    kept.delete(key);
    // Braces were counted, a comma goes.
    excess -= bytes - 1;
    removed.push(`${key.slice(0, 60)} (${bytes} bytes)`);
  }
  const named = removed.slice(0, MAX_NAMED);
  const data: JsonObject = {
    ...Object.fromEntries(kept),
    firebreakTruncated: [
      ...(Array.isArray(evidence.data.firebreakTruncated) ? evidence.data.firebreakTruncated : []),
      ...named,
      ...(removed.length > named.length ? [`and ${removed.length - named.length} more fields`] : []),
    ],
  };
  return sqsJson({ ...alert, evidences: [{ data }] });
}

/** What was parked, with its place and as much of it as fits. */
export function rejectedBody({ place, reason, body }: Rejected, receivedAt: Date): string {
  const about = {
    schemaVersion: 1,
    place,
    reason: reason.slice(0, 1_000),
    receivedAt: receivedAt.toISOString(),
    bytes: Buffer.byteLength(body),
  };
  // One character can take six bytes once it is escaped twice over.
  for (let length = body.length; ; length = Math.floor(length / 2)) {
    const text = sqsJson({ ...about, truncated: length < body.length, body: body.slice(0, length) });
    if (Buffer.byteLength(text) <= MAX_MESSAGE_BYTES || length === 0) return text;
  }
}

/**
 * SQS refuses messages with U+FFFE or U+FFFF (SendMessage, "InvalidMessageContents"), and a user agent may hold
 * them: one such character must not lose an alert. JSON itself escapes the other characters that SQS refuses.
 */
function sqsJson(value: unknown): string {
  return JSON.stringify(value).replace(/[\uFFFE\uFFFF]/g, (char) => `\\u${char.charCodeAt(0).toString(16)}`);
}
