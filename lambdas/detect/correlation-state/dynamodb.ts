import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import {
  byTime,
  LIMITS,
  type CorrelationState,
  type Entry,
  type Limits,
  type View,
} from '../../../lib/sigma/correlation/state';
import { isNamed } from '../../shared/aws-error';
import { itemOf, entryOf, sortKey, timeToLive, LAST } from './item';

interface Where {
  readonly correlation: string;
  readonly group: string;
  readonly timespan: number;
}

/**
 * Correlations in a table: one item an entry, whose key is its time and id, so that writing it twice is writing it
 * once. Each detector writes its entry first and reads the window after, consistently: of two at the same moment the
 * later reader sees both, whoever it is, and nothing needs a lock.
 *
 * | pk | sk | what |
 * |---|---|---|
 * | `GROUP#<hash>` | `<time>#<entry id>` | an entry |
 * | `GROUPS#<correlation>#<stretch of time>` | `COUNT` | how many groups began in it |
 */
export class DynamoDbCorrelationState implements CorrelationState {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #limits: Limits;
  readonly #now: () => number;

  constructor(client: DynamoDBDocumentClient, table: string, limits: Limits = LIMITS, now: () => number = Date.now) {
    this.#client = client;
    this.#table = table;
    this.#limits = limits;
    this.#now = now;
  }

  async add(where: Where, entry: Entry): Promise<View> {
    const isNew = await this.#put(where, entry);
    const entries = await this.#around(where, entry);
    if (entries.length > this.#limits.entriesPerGroup) {
      if (isNew) await this.#takeBack(where, entry);
      return { entries: entries.slice(0, this.#limits.entriesPerGroup), saturated: 'group' };
    }
    // Alone in its window: a group begins here, and an attacker may begin as many as there are names.
    if (isNew && entries.length === 1 && !(await this.#mayBegin(where, entry))) {
      await this.#takeBack(where, entry);
      return { entries: [entry], saturated: 'groups' };
    }
    return { entries: entries.sort(byTime) };
  }

  /** False where it was there already: the event came twice. */
  async #put({ group, timespan }: Where, entry: Entry): Promise<boolean> {
    const { PutCommand } = await import('@aws-sdk/lib-dynamodb');
    const Item = itemOf(group, entry, timeToLive(entry.time, timespan, this.#now()));
    try {
      await this.#client.send(
        new PutCommand({ TableName: this.#table, Item, ConditionExpression: 'attribute_not_exists(pk)' }),
      );
      return true;
    } catch (error) {
      if (isNamed(error, 'ConditionalCheckFailedException')) return false;
      throw error;
    }
  }

  /** One more than may be there, at most. */
  async #around({ group, timespan }: Where, { time }: Entry): Promise<Entry[]> {
    const { QueryCommand } = await import('@aws-sdk/lib-dynamodb');
    const entries: Entry[] = [];
    let from: Record<string, unknown> | undefined;
    do {
      const page = await this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
          ExpressionAttributeValues: {
            ':pk': `GROUP#${group}`,
            ':from': sortKey(time - timespan, ''),
            ':to': sortKey(time + timespan, LAST),
          },
          ConsistentRead: true,
          Limit: this.#limits.entriesPerGroup + 1 - entries.length,
          ...(from !== undefined && { ExclusiveStartKey: from }),
        }),
      );
      entries.push(...(page.Items ?? []).map(entryOf));
      from = page.LastEvaluatedKey;
    } while (from !== undefined && entries.length <= this.#limits.entriesPerGroup);
    return entries;
  }

  async #takeBack({ group }: Where, { time, id }: Entry): Promise<void> {
    const { DeleteCommand } = await import('@aws-sdk/lib-dynamodb');
    const Key = { pk: `GROUP#${group}`, sk: sortKey(time, id) };
    await this.#client.send(new DeleteCommand({ TableName: this.#table, Key }));
  }

  async #mayBegin({ correlation, timespan }: Where, { time }: Entry): Promise<boolean> {
    const { UpdateCommand } = await import('@aws-sdk/lib-dynamodb');
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { pk: `GROUPS#${correlation}#${Math.floor(time / timespan)}`, sk: 'COUNT' },
          UpdateExpression: 'ADD #count :one SET expiresAt = :ttl',
          ConditionExpression: 'attribute_not_exists(#count) OR #count < :most',
          ExpressionAttributeNames: { '#count': 'groups' },
          ExpressionAttributeValues: {
            ':one': 1,
            ':most': this.#limits.groups,
            ':ttl': timeToLive(time, timespan, this.#now()),
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
