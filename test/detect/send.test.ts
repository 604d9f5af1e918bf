import { describe, expect, test } from '@jest/globals';
import type { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { batches, sendAll, SendError } from '../../lambdas/detect/detector/send';

type Answer = (bodies: string[], call: number) => string[] | Error;

/** A queue that takes what it is told to take. */
function queue(answer: Answer): { client: SQSClient; calls: string[][] } {
  const calls: string[][] = [];
  const client = {
    send: ({ input }: SendMessageBatchCommand) => {
      const entries = input.Entries ?? [];
      const bodies = entries.map(({ MessageBody }) => MessageBody ?? '');
      calls.push(bodies);
      const taken = answer(bodies, calls.length);
      if (taken instanceof Error) return Promise.reject(taken);
      return Promise.resolve({
        Successful: entries.filter(({ MessageBody }) => taken.includes(MessageBody ?? '')).map(({ Id }) => ({ Id })),
        Failed: entries
          .filter(({ MessageBody }) => !taken.includes(MessageBody ?? ''))
          .map(({ Id }) => ({ Id, Code: 'InternalError', Message: 'busy' })),
      });
    },
  };
  return { client: client as unknown as SQSClient, calls };
}

describe('sendAll', () => {
  test('sends ten at a time', async () => {
    const bodies = Array.from({ length: 23 }, (_, i) => `m${i}`);
    const { client, calls } = queue((all) => all);
    await sendAll(client, 'url', bodies);
    expect(calls.map(({ length }) => length)).toEqual([10, 10, 3]);
  });

  test('sends nothing for nothing', async () => {
    const { client, calls } = queue((all) => all);
    await sendAll(client, 'url', []);
    expect(calls).toEqual([]);
  });

  test('a partial failure is sent again, and only that', async () => {
    const { client, calls } = queue((all, call) => (call === 1 ? all.filter((body) => body !== 'b') : all));
    await sendAll(client, 'url', ['a', 'b', 'c']);
    expect(calls).toEqual([['a', 'b', 'c'], ['b']]);
  });

  test('a call that throws is made again', async () => {
    const { client, calls } = queue((all, call) => (call === 1 ? new Error('reset') : all));
    await sendAll(client, 'url', ['a']);
    expect(calls).toHaveLength(2);
  });

  test('throws for what is never taken, with the reason', async () => {
    const { client } = queue((all) => all.filter((body) => body !== 'b'));
    const sent = sendAll(client, 'https://queue', ['a', 'b']);
    await expect(sent).rejects.toThrow(SendError);
    await expect(sent).rejects.toThrow('1 of 2 messages were not taken by https://queue: busy');
  });
});

test('batches keep the order, lose nothing and obey both limits', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.nat({ max: 200_000 }).map((length) => 'x'.repeat(length)),
        { maxLength: 40 },
      ),
      (bodies) => {
        const all = batches(bodies);
        expect(all.flat()).toEqual(bodies);
        for (const batch of all) {
          expect(batch.length).toBeLessThanOrEqual(10);
          expect(batch.reduce((sum, body) => sum + body.length, 0)).toBeLessThanOrEqual(262_144);
        }
      },
    ),
    { numRuns: 30 },
  );
});
