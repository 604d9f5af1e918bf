import { setTimeout as pause } from 'node:timers/promises';
import type { SQSClient } from '@aws-sdk/client-sqs';

/** Source: SQS API reference, SendMessageBatch. */
const MAX_ENTRIES = 10;
/** All entries of a call together. 262,144 was the limit until August 2025, and is what every emulator takes. */
const MAX_BATCH_BYTES = 262_144;
const ATTEMPTS = 3;
const PAUSE_MS = 200;

/** Some messages were not taken; the invocation must fail, so that Lambda makes it again. */
export class SendError extends Error {
  readonly unsent: number;

  constructor(queueUrl: string, unsent: number, total: number, reason: string) {
    super(`${unsent} of ${total} messages were not taken by ${queueUrl}: ${reason}`);
    this.name = 'SendError';
    this.unsent = unsent;
  }
}

/** Sends all messages. Entries that fail are sent again, and only those; throws SendError for what is left. */
export async function sendAll(sqs: SQSClient, queueUrl: string, bodies: readonly string[]): Promise<void> {
  const { SendMessageBatchCommand } = await import('@aws-sdk/client-sqs');
  let left = bodies;
  let reason = '';
  for (let attempt = 1; attempt <= ATTEMPTS && left.length > 0; attempt++) {
    if (attempt > 1) await pause(PAUSE_MS * attempt);
    const unsent: string[] = [];
    for (const batch of batches(left)) {
      const Entries = batch.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
      try {
        const result = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
        const taken = new Set((result.Successful ?? []).map(({ Id }) => Id));
        // What is in neither list was not taken.
        unsent.push(...batch.filter((_, index) => !taken.has(String(index))));
        reason = result.Failed?.[0]?.Message ?? result.Failed?.[0]?.Code ?? reason;
      } catch (error) {
        unsent.push(...batch);
        reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      }
    }
    left = unsent;
  }
  if (left.length > 0) throw new SendError(queueUrl, left.length, bodies.length, reason);
}

/** In order, each with at most ten entries and the bytes that one call may have. */
export function batches(bodies: readonly string[]): string[][] {
  const all: string[][] = [];
  let bytes = 0;
  for (const body of bodies) {
    const size = Buffer.byteLength(body);
    const last = all.at(-1);
    if (last === undefined || last.length === MAX_ENTRIES || bytes + size > MAX_BATCH_BYTES) {
      all.push([body]);
      bytes = size;
    } else {
      last.push(body);
      bytes += size;
    }
  }
  return all;
}
