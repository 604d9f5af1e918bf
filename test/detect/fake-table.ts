import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  BatchWriteCommand,
  DeleteCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';

type Item = Record<string, unknown>;

/**
 * The conditional writes and consistent reads that correlations use, in memory. Each call takes effect at one moment
 * between being made and being answered, as in DynamoDB; who comes first is up to `pause`.
 */
export class FakeTable {
  readonly items = new Map<string, Item>();
  calls = 0;
  readonly #pause: () => Promise<void>;
  readonly #pageSize: number;

  constructor(pause: () => Promise<void> = () => Promise.resolve(), pageSize = 1_000) {
    this.#pause = pause;
    this.#pageSize = pageSize;
  }

  get client(): DynamoDBDocumentClient {
    return { send: (command: unknown) => this.#send(command) } as unknown as DynamoDBDocumentClient;
  }

  async #send(command: unknown): Promise<unknown> {
    this.calls++;
    await this.#pause();
    const result = this.#apply(command);
    await this.#pause();
    return result;
  }

  #apply(command: unknown): unknown {
    if (command instanceof PutCommand) {
      const item = command.input.Item as Item;
      if (command.input.ConditionExpression !== undefined && this.items.has(keyOf(item))) throw refused();
      // Only what JSON keeps arrives.
      this.items.set(keyOf(item), JSON.parse(JSON.stringify(item)) as Item);
      return {};
    }
    if (command instanceof BatchWriteCommand) {
      for (const request of Object.values(command.input.RequestItems ?? {}).flat()) {
        const item = request.PutRequest?.Item ?? {};
        this.items.set(keyOf(item), JSON.parse(JSON.stringify(item)) as Item);
      }
      return {};
    }
    if (command instanceof DeleteCommand) {
      this.items.delete(keyOf(command.input.Key ?? {}));
      return {};
    }
    if (command instanceof UpdateCommand) {
      const { Key = {}, ExpressionAttributeValues: values = {} } = command.input;
      const known = this.items.get(keyOf(Key)) ?? { ...Key, groups: 0 };
      if (Number(known.groups) > Number(values[':room'])) throw refused();
      const groups = Number(known.groups) + Number(values[':more']);
      this.items.set(keyOf(Key), { ...known, groups, expiresAt: values[':ttl'] });
      return {};
    }
    if (command instanceof QueryCommand) {
      const {
        ExpressionAttributeValues: values = {},
        Limit = Infinity,
        ExclusiveStartKey,
        ScanIndexForward,
      } = command.input;
      const isBehind = (sk: unknown, other: unknown): boolean =>
        ScanIndexForward === false ? String(sk) < String(other) : String(sk) > String(other);
      const found = [...this.items.values()]
        .filter(({ pk, sk }) => pk === values[':pk'] && !isOutside(sk, values))
        .filter(({ sk }) => ExclusiveStartKey === undefined || isBehind(sk, ExclusiveStartKey['sk']))
        .sort((a, b) => (isBehind(a.sk, b.sk) ? 1 : -1));
      const Items = found.slice(0, Math.min(Limit, this.#pageSize));
      const last = Items.at(-1);
      return { Items, ...(found.length > Items.length && last && { LastEvaluatedKey: { pk: last.pk, sk: last.sk } }) };
    }
    throw new Error('the fake table does not know this call');
  }
}

function isOutside(sk: unknown, values: Item): boolean {
  return String(sk) < String(values[':from']) || String(sk) > String(values[':to']);
}

function keyOf({ pk, sk }: Item): string {
  return JSON.stringify([pk, sk]);
}

function refused(): Error {
  return new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata: {} });
}
