import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { Alert } from '../../../lib/model/alert';
import type { Suppression } from '../../../lib/model/suppression';
import { alertItem } from './alert-item';
import { queryAll } from './query-all';
import { alertKey, type Table } from './table';

/** The alerts themselves are kept this long; that there were so many, for ever. */
const KEPT_SECONDS = 90 * 24 * 60 * 60;
const COUNTS = 'SUPPRESSIONS';

/** How often a suppression kept something quiet. */
export interface SuppressedCount {
  readonly name: string;
  readonly owner: string;
  readonly reason: string;
  readonly until: string;
  readonly count: number;
  /** ISO 8601. */
  readonly lastAt: string;
  /** Title of the alert that was kept quiet last; may hold what an attacker wrote. */
  readonly lastTitle: string;
}

/**
 * Writes down that an alert was kept quiet, and counts it: once for each alert, however often it comes.
 *
 * @throws TransactionCanceledException where the alert was dealt with before, or another one is counted right now.
 */
export async function recordSuppressed(table: Table, alert: Alert, by: Suppression, now: Date): Promise<void> {
  const at = now.toISOString();
  const expiresAt = Math.floor(now.getTime() / 1000) + KEPT_SECONDS;
  const { uid, title } = alert.finding_info;
  await table.client.send(
    new TransactWriteCommand({
      TransactItems: [
        {
          Put: {
            TableName: table.name,
            Item: { ...alertKey(uid), suppressedBy: by.name, at },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        {
          Put: {
            TableName: table.name,
            Item: { pk: `SUPPRESSION#${by.name}`, sk: `ALERT#${uid}`, ...alertItem(alert), at, expiresAt },
          },
        },
        {
          Update: {
            TableName: table.name,
            Key: { pk: COUNTS, sk: by.name },
            UpdateExpression:
              'ADD #count :one SET #owner = :owner, reason = :reason, #until = :until, lastAt = :at, lastTitle = :title',
            ExpressionAttributeNames: { '#count': 'count', '#owner': 'owner', '#until': 'until' },
            ExpressionAttributeValues: {
              ':one': 1,
              ':owner': by.owner,
              ':reason': by.reason,
              ':until': by.until,
              ':at': at,
              ':title': title.slice(0, 200),
            },
          },
        },
      ],
    }),
  );
}

/** Every suppression that ever kept something quiet, the busiest first. */
export async function readSuppressedCounts(table: Table): Promise<SuppressedCount[]> {
  const items = await queryAll(table, {
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': COUNTS },
  });
  const counts = items.map((item) => toCount(item as unknown as StoredCount));
  return counts.sort((a, b) => b.count - a.count || a.name.localeCompare(b.name));
}

type StoredCount = Omit<SuppressedCount, 'name'> & { readonly sk: string };

function toCount({ sk: name, owner, reason, until, count, lastAt, lastTitle }: StoredCount): SuppressedCount {
  return { name, owner, reason, until, count, lastAt, lastTitle };
}
