import type { Event } from '../../lib/model/event';
import type { JsonObject } from '../../lib/model/json';
import { decode } from '../../lambdas/detect/detector/decode';

export const RECEIVED = new Date('2026-03-01T10:00:00.000Z');
export const CONTEXT = { receivedAt: RECEIVED, region: 'eu-central-1', logSources: [] };

/** The event of an EventBridge event that must be readable. */
export function busEvent(text: string): Event {
  const [decoded] = decode(JSON.parse(text), CONTEXT);
  if (decoded?.kind !== 'event') throw new Error(`not decoded: ${JSON.stringify(decoded).slice(0, 300)}`);
  return decoded.event;
}

export function camelFinding(text: string): JsonObject {
  return busEvent(text).record;
}
