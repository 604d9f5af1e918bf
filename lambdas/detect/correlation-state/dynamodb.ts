import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { between } from '../../../lib/sigma/correlation/sorted';
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
import { GroupCount } from './group-count';
import { entryOf, isMark, itemOf, LAST, markOf, sortKey, timeOf, timeToLive } from './item';
import { putAll } from './put-all';

/** Marks that a read over one timespan may come upon, both ends. */
const MARKS = MARKS_PER_TIMESPAN + 1;

interface Where {
  readonly correlation: string;
  readonly group: string;
  readonly timespan: number;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * Correlations in a table: one item an entry, whose key is its time and id, so that writing it twice is writing it
 * once. Each detector writes its entries first and reads the window after, consistently: of two at the same moment the
 * later reader sees both, whoever it is, and nothing needs a lock.
 *
 * | pk | sk | what |
 * |---|---|---|
 * | `GROUP#<hash>` | `<time>#<entry id>` | an entry |
 * | `GROUP#<hash>` | `<time>#~` | a mark: about then, entries were not kept |
 * | `GROUPS#<correlation>#<stretch of time>` | `COUNT` | how many groups began in it |
 *
 * One entry costs two calls. Many of one group cost two reads and a write for each 25 that there is room for: a
 * thousand at most are kept, however many come. Those that were written before cost one read.
 */
export class DynamoDbCorrelationState implements CorrelationState {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #limits: Limits;
  readonly #now: () => number;
  readonly #groups: GroupCount;

  constructor(client: DynamoDBDocumentClient, table: string, limits: Limits = LIMITS, now: () => number = Date.now) {
    this.#client = client;
    this.#table = table;
    this.#limits = limits;
    this.#now = now;
    this.#groups = new GroupCount(client, table, limits.groups);
  }

  async add(where: Where, entries: readonly Entry[]): Promise<View> {
    const [first] = entries;
    if (first === undefined) return { entries: [], marks: [] };
    return entries.length === 1 ? this.#addOne(where, first) : this.#addMany(where, entries);
  }

  async #addOne(where: Where, entry: Entry): Promise<View> {
    const { entriesPerGroup } = this.#limits;
    const isNew = await this.#put(where, entry);
    const range = { from: entry.time - where.timespan, to: entry.time + where.timespan };
    const { entries, marks } = await this.#read(where, range, entriesPerGroup + 1);
    if (entries.length > entriesPerGroup) {
      const around = marksAround(entry.time, where.timespan);
      if (isNew) {
        // First the marks: a detector that dies between leaves an entry too many, never a gap that nobody knows of.
        await this.#mark(where, around);
        await this.#takeBack(where, entry);
      }
      // The latest as well: windows that end with them cannot be counted either.
      const latest = await this.#read(where, range, entriesPerGroup + 1, false);
      return { entries: together(entries, latest.entries, [entry]), marks: [...marks, ...around] };
    }
    // Alone in its window: a group begins here, and an attacker may begin as many as there are names.
    if (isNew && entries.length === 1 && !(await this.#mayBegin(where, entry))) {
      await this.#takeBack(where, entry);
      return { entries: [entry], marks: [], isFull: true };
    }
    return { entries: entries.sort(byTime), marks };
  }

  /** None is further than a timespan from the first, so that each is in the window of every other. */
  async #addMany(where: Where, added: readonly Entry[]): Promise<View> {
    const { timespan, group } = where;
    const { entriesPerGroup } = this.#limits;
    const [first, last] = [added[0] as Entry, added.at(-1) as Entry];
    const range = { from: first.time - timespan, to: last.time + timespan };
    // Two windows hold all of it; what others write at this moment may come on top.
    const most = 4 * entriesPerGroup;
    const before = await this.#read(where, range, most);
    const known = new Set(before.entries.map(({ id }) => id));
    const fresh = added.filter(({ id }) => !known.has(id));
    if (fresh.length === 0) return { entries: before.entries.sort(byTime), marks: before.marks };
    if (before.entries.length === 0 && !(await this.#mayBegin(where, first)))
      return { entries: together(added), marks: [], isFull: true };
    const sorted = before.entries.sort(byTime);
    const kept: Entry[] = [];
    const marks = new Set<number>();
    for (const entry of fresh) {
      const around = between(sorted, entry.time - timespan, entry.time + timespan).length + kept.length;
      if (around < entriesPerGroup && before.entries.length < most) kept.push(entry);
      else for (const mark of marksAround(entry.time, timespan)) marks.add(mark);
    }
    before.marks.forEach((mark) => marks.delete(mark));
    const expiresAt = ({ time }: Pick<Entry, 'time'>): number => timeToLive(time, timespan, this.#now());
    await putAll(this.#client, this.#table, [
      ...[...marks].map((time) => markOf(group, time, expiresAt({ time }))),
      ...kept.map((entry) => itemOf(group, entry, expiresAt(entry))),
    ]);
    const after = kept.length === 0 ? before : await this.#read(where, range, most);
    // What was not kept has happened all the same.
    return { entries: together(after.entries, added), marks: [...new Set([...after.marks, ...marks])] };
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

  /** So many entries at most, and what marks lie between. */
  async #read(
    { group, timespan }: Where,
    { from, to }: Range,
    most: number,
    isEarliestFirst = true,
  ): Promise<{ entries: Entry[]; marks: number[] }> {
    const { QueryCommand } = await import('@aws-sdk/lib-dynamodb');
    const mayMark = MARKS * Math.ceil((to - from) / timespan);
    const entries: Entry[] = [];
    const marks: number[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const page = await this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
          ExpressionAttributeValues: {
            ':pk': `GROUP#${group}`,
            ':from': sortKey(from, ''),
            ':to': sortKey(to, LAST),
          },
          ConsistentRead: true,
          ScanIndexForward: isEarliestFirst,
          Limit: most - entries.length + mayMark,
          ...(start !== undefined && { ExclusiveStartKey: start }),
        }),
      );
      for (const item of page.Items ?? []) {
        if (isMark(item)) marks.push(timeOf(item));
        else entries.push(entryOf(item));
      }
      start = page.LastEvaluatedKey;
    } while (start !== undefined && entries.length < most);
    return { entries: entries.slice(0, most), marks };
  }

  async #mark({ group, timespan }: Where, times: readonly number[]): Promise<void> {
    const items = [...new Set(times)].map((time) => markOf(group, time, timeToLive(time, timespan, this.#now())));
    await putAll(this.#client, this.#table, items);
  }

  async #takeBack({ group }: Where, { time, id }: Entry): Promise<void> {
    const { DeleteCommand } = await import('@aws-sdk/lib-dynamodb');
    const Key = { pk: `GROUP#${group}`, sk: sortKey(time, id) };
    await this.#client.send(new DeleteCommand({ TableName: this.#table, Key }));
  }

  #mayBegin({ correlation, timespan }: Where, { time }: Entry): Promise<boolean> {
    const counter = `GROUPS#${correlation}#${Math.floor(time / timespan)}`;
    return this.#groups.mayBegin(counter, timeToLive(time, timespan, this.#now()));
  }
}

function together(...lists: readonly (readonly Entry[])[]): Entry[] {
  return [...new Map(lists.flat().map((entry) => [entry.id, entry])).values()].sort(byTime);
}
