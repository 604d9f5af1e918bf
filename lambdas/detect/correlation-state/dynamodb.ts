import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import {
  byTime,
  LIMITS,
  MARKS_PER_TIMESPAN,
  marksAround,
  type CorrelationState,
  type Entry,
  type Limits,
  type View,
} from '../../../lib/sigma/correlation/state';
import { isNamed } from '../../shared/aws-error';
import { entryOf, isMark, itemOf, LAST, markOf, sortKey, timeToLive } from './item';

/** Marks that one read may come upon: a timespan on either side, both ends. */
const MARKS = 2 * MARKS_PER_TIMESPAN + 2;

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
 * | `GROUP#<hash>` | `<time>#~` | a mark: about then, entries were not kept |
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
    const { entries, isMarked } = await this.#around(where, entry);
    if (entries.length > this.#limits.entriesPerGroup) {
      if (isNew) {
        // First the marks: a detector that dies between leaves an entry too many, never a gap that nobody knows of.
        await this.#mark(where, entry);
        await this.#takeBack(where, entry);
      }
      // The latest as well: windows that end with them cannot be counted either.
      const { entries: latest } = await this.#around(where, entry, false);
      const both = new Map([...entries, ...latest].map((one) => [one.id, one]));
      return { entries: [...both.values()].sort(byTime), saturated: 'group' };
    }
    // Alone in its window: a group begins here, and an attacker may begin as many as there are names.
    if (isNew && entries.length === 1 && !(await this.#mayBegin(where, entry))) {
      await this.#takeBack(where, entry);
      return { entries: [entry], saturated: 'groups' };
    }
    return { entries: entries.sort(byTime), ...(isMarked && { saturated: 'group' as const }) };
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

  /** One more than may be there, at most, and whether something between was not kept. */
  async #around(
    { group, timespan }: Where,
    { time }: Entry,
    isEarliestFirst = true,
  ): Promise<{ entries: Entry[]; isMarked: boolean }> {
    const { QueryCommand } = await import('@aws-sdk/lib-dynamodb');
    const most = this.#limits.entriesPerGroup + 1;
    const entries: Entry[] = [];
    let isMarked = false;
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
          ScanIndexForward: isEarliestFirst,
          Limit: most - entries.length + MARKS,
          ...(from !== undefined && { ExclusiveStartKey: from }),
        }),
      );
      for (const item of page.Items ?? []) {
        if (isMark(item)) isMarked = true;
        else entries.push(entryOf(item));
      }
      from = page.LastEvaluatedKey;
    } while (from !== undefined && entries.length < most);
    return { entries: entries.slice(0, most), isMarked };
  }

  async #mark({ group, timespan }: Where, { time }: Entry): Promise<void> {
    const { PutCommand } = await import('@aws-sdk/lib-dynamodb');
    const expiresAt = timeToLive(time, timespan, this.#now());
    for (const mark of new Set(marksAround(time, timespan)))
      await this.#client.send(new PutCommand({ TableName: this.#table, Item: markOf(group, mark, expiresAt) }));
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
