import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { isNamed } from '../../shared/aws-error';

interface Asked {
  readonly expiresAt: number;
  readonly answer: (mayBegin: boolean) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Counts the groups that began in a stretch of time, up to a bound. One item takes a thousand writes a second, and a
 * delivery may begin ten thousand groups: who asks while a call is on its way is asked for together by the next.
 */
export class GroupCount {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #most: number;
  readonly #waiting = new Map<string, Asked[]>();

  constructor(client: DynamoDBDocumentClient, table: string, most: number) {
    this.#client = client;
    this.#table = table;
    this.#most = most;
  }

  /** Counts one group; false where there are too many. */
  mayBegin(counter: string, expiresAt: number): Promise<boolean> {
    return new Promise((answer, fail) => {
      const asked = { expiresAt, answer, fail };
      const waiting = this.#waiting.get(counter);
      if (waiting) waiting.push(asked);
      else {
        this.#waiting.set(counter, [asked]);
        void this.#answerAll(counter);
      }
    });
  }

  async #answerAll(counter: string): Promise<void> {
    // What others ask for in this turn goes with the first call.
    await Promise.resolve();
    for (let asked = this.#waiting.get(counter) ?? []; asked.length > 0; asked = this.#waiting.get(counter) ?? []) {
      this.#waiting.set(counter, []);
      await this.#answer(counter, asked);
    }
    this.#waiting.delete(counter);
  }

  /** Where there is no room for all, there may be for some: halves, until what is asked for is one group. */
  async #answer(counter: string, asked: readonly Asked[]): Promise<void> {
    try {
      if (await this.#add(counter, asked)) asked.forEach(({ answer }) => answer(true));
      else if (asked.length === 1) asked.forEach(({ answer }) => answer(false));
      else {
        const half = Math.ceil(asked.length / 2);
        await this.#answer(counter, asked.slice(0, half));
        await this.#answer(counter, asked.slice(half));
      }
    } catch (error) {
      asked.forEach(({ fail }) => fail(error));
    }
  }

  async #add(counter: string, asked: readonly Asked[]): Promise<boolean> {
    const { UpdateCommand } = await import('@aws-sdk/lib-dynamodb');
    const room = this.#most - asked.length;
    if (room < 0) return false;
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { pk: counter, sk: 'COUNT' },
          UpdateExpression: 'ADD #count :more SET expiresAt = :ttl',
          ConditionExpression: 'attribute_not_exists(#count) OR #count <= :room',
          ExpressionAttributeNames: { '#count': 'groups' },
          ExpressionAttributeValues: {
            ':more': asked.length,
            ':room': room,
            ':ttl': Math.max(...asked.map(({ expiresAt }) => expiresAt)),
          },
        }),
      );
      return true;
    } catch (error) {
      if (isNamed(error, 'ConditionalCheckFailedException')) return false;
      throw error;
    }
  }
}
