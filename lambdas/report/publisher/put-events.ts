import { setTimeout as sleep } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { errorText } from '../../shared/aws-error';
import type { BusEvent } from './make-event';

/** EventBridge takes no more in one call. */
const ENTRIES_PER_CALL = 10;
const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 100;

export interface OutgoingEvent {
  /** Where it stands in the batch. */
  readonly index: number;
  readonly event: BusEvent;
}

/** The one call that this needs; a test gives its own. */
export type SendEvents = (entries: readonly BusEvent[]) => Promise<readonly { readonly ErrorCode?: string }[]>;

/**
 * Puts events on the bus, in order. What EventBridge did not take of a call is sent again by itself, up to four
 * times, with growing pauses.
 *
 * @returns the indexes of those that it never took, with why.
 */
export async function putEvents(
  events: readonly OutgoingEvent[],
  send: SendEvents,
  pause: (ms: number) => Promise<unknown> = sleep,
): Promise<Map<number, string>> {
  const failed = new Map<number, string>();
  for (let start = 0; start < events.length; start += ENTRIES_PER_CALL) {
    await putSome(events.slice(start, start + ENTRIES_PER_CALL), failed, send, pause);
  }
  return failed;
}

async function putSome(
  events: readonly OutgoingEvent[],
  failed: Map<number, string>,
  send: SendEvents,
  pause: (ms: number) => Promise<unknown>,
): Promise<void> {
  let left = events;
  for (let attempt = 1; left.length > 0 && attempt <= ATTEMPTS; attempt++) {
    if (attempt > 1) await pause(FIRST_PAUSE_MS * 2 ** (attempt - 2));
    const results = await trySend(left, send);
    left = left.filter(({ index }, place) => {
      // An answer that says nothing about an entry is not an answer that it was taken.
      const result = results[place] ?? { ErrorCode: 'no answer for this entry' };
      if (result.ErrorCode === undefined) failed.delete(index);
      else failed.set(index, result.ErrorCode);
      return result.ErrorCode !== undefined;
    });
  }
}

async function trySend(events: readonly OutgoingEvent[], send: SendEvents) {
  try {
    return await send(events.map(({ event }) => event));
  } catch (error) {
    return events.map(() => ({ ErrorCode: errorText(error) }));
  }
}

let eventBridge: EventBridgeClient | undefined;

export function sendToBus(bus: string): SendEvents {
  return async (entries) => {
    eventBridge ??= new EventBridgeClient({});
    const answer = await eventBridge.send(
      new PutEventsCommand({ Entries: entries.map((entry) => ({ ...entry, EventBusName: bus })) }),
    );
    return answer.Entries ?? [];
  };
}
