import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Table } from '../../lambdas/shared/store/table';

type Item = Record<string, unknown>;

/** DynamoDB gives 1 MB at a time. */
const PAGE_BYTES = 1_048_576;

/** The incident store in memory: the reads and transactions that incidents and their timelines use, in pages of 1 MB. */
export class MemoryTable implements Table {
  readonly name = 'incidents';
  readonly items = new Map<string, { readonly pk: string; readonly sk: string; readonly text: string }>();
  /** The most that items of one call weighed together, which a function then holds in its memory. */
  heaviest = 0;
  /** How many items were read. */
  reads = 0;

  get client(): DynamoDBDocumentClient {
    return {
      send: (command: unknown) => Promise.resolve().then(() => this.#apply(command)),
    } as unknown as DynamoDBDocumentClient;
  }

  put(item: Item): void {
    const [pk, sk] = [String(item['pk']), String(item['sk'])];
    this.items.set(`${pk}|${sk}`, { pk, sk, text: JSON.stringify(item) });
  }

  #apply(command: unknown): unknown {
    if (command instanceof GetCommand) {
      const found = this.items.get(`${command.input.Key?.['pk']}|${command.input.Key?.['sk']}`);
      return { Item: found && this.#read([found])[0] };
    }
    if (command instanceof PutCommand) {
      this.put(command.input.Item ?? {});
      return {};
    }
    if (command instanceof QueryCommand) return this.#query(command.input);
    if (command instanceof TransactWriteCommand) {
      const puts = (command.input.TransactItems ?? []).flatMap(({ Put }) => Put ?? []);
      if (puts.some((put) => this.#isRefused(put))) {
        throw Object.assign(new Error('cancelled'), { name: 'TransactionCanceledException' });
      }
      for (const { Item } of puts) this.put(Item ?? {});
      return {};
    }
    throw new Error(`the table in memory does not know ${(command as object).constructor.name}`);
  }

  #isRefused({ Item, ConditionExpression, ExpressionAttributeValues: values }: Put): boolean {
    const known = this.items.get(`${Item?.['pk']}|${Item?.['sk']}`);
    if (ConditionExpression === 'attribute_not_exists(pk)') return known !== undefined;
    return (known && (JSON.parse(known.text) as Item))?.['timelineLength'] !== values?.[':length'];
  }

  #query({ ExpressionAttributeValues: v = {}, Limit = Infinity, ExclusiveStartKey, ScanIndexForward }: Query): unknown {
    const back = ScanIndexForward === false;
    const start = ExclusiveStartKey?.['sk'] as string | undefined;
    const found = [...this.items.values()]
      .filter(({ pk, sk }) => pk === v[':pk'] && sk.startsWith(String(v[':prefix'] ?? '')))
      .filter(({ sk }) => v[':first'] === undefined || (sk >= String(v[':first']) && sk <= String(v[':last'])))
      .filter(({ sk }) => start === undefined || (back ? sk < start : sk > start))
      .sort((a, b) => ((back ? a.sk < b.sk : a.sk > b.sk) ? 1 : -1));
    let bytes = 0;
    const page = found.slice(0, Limit).filter(({ text }, index) => {
      const fits = index === 0 || bytes + text.length <= PAGE_BYTES;
      bytes += fits ? text.length : Infinity;
      return fits;
    });
    const last = page.at(-1);
    return {
      Items: this.#read(page),
      ...(found.length > page.length && last && { LastEvaluatedKey: { pk: last.pk, sk: last.sk } }),
    };
  }

  #read(found: readonly { readonly text: string }[]): Item[] {
    const bytes = found.reduce((sum, { text }) => sum + text.length, 0);
    this.heaviest = Math.max(this.heaviest, bytes);
    this.reads += found.length;
    return found.map(({ text }) => JSON.parse(text) as Item);
  }
}

type Put = NonNullable<NonNullable<TransactWriteCommand['input']['TransactItems']>[number]['Put']>;
type Query = QueryCommand['input'];
