import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { sha256 } from '../../../lib/model/ids';
import { isNamed } from '../aws-error';
import type { WriteItem } from './incidents';
import { incidentKey, type Table } from './table';

/** What tells one page from another: the same page, sent again after a crash, has the same id. */
export interface PageIdentity {
  readonly incidentId: string;
  readonly attempt: number;
  readonly cycle: number;
  readonly level: string;
  readonly round: number;
  /** Id of the recipient. */
  readonly recipient: string;
  /** Until when it was quiet before: a level that was paged and then snoozed is paged again. ISO 8601. */
  readonly afterSnooze?: string;
}

export function pageId(page: PageIdentity): string {
  const { incidentId, attempt, cycle, level, round, recipient, afterSnooze } = page;
  const parts = [
    incidentId,
    attempt,
    cycle,
    level,
    round,
    recipient,
    ...(afterSnooze === undefined ? [] : [afterSnooze]),
  ];
  return `pag-${sha256(JSON.stringify(parts)).slice(0, 32)}`;
}

/** A page is sent by two runs at most: the first, and one more after a crash of which nobody knows how far it came. */
const MAX_RUNS = 2;

export type Claim =
  /** It is ours to send. */
  | 'send'
  | 'sent'
  | 'failed'
  /** Two runs died over it; whether it arrived is not known. */
  | 'given-up';

const pageKey = (incidentId: string, id: string) => ({ pk: incidentKey(incidentId).pk, sk: `PAGE#${id}` });

/**
 * Says before a page is sent that it is about to be. One conditional write decides: a page that was sent or failed is
 * not sent again; one that a run died over is, once, under the same id. The same run may ask twice.
 */
export async function claimPage(table: Table, page: PageIdentity, run: string, now: Date): Promise<Claim> {
  const Key = pageKey(page.incidentId, pageId(page));
  try {
    await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key,
        UpdateExpression: 'SET #state = :sending, page = :page, claimedAt = :at ADD runs :run',
        ConditionExpression:
          'attribute_not_exists(pk) OR (#state = :sending AND (size(runs) < :max OR contains(runs, :me)))',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: {
          ':sending': 'sending',
          ':page': page,
          ':at': now.toISOString(),
          ':run': new Set([run]),
          ':me': run,
          ':max': MAX_RUNS,
        },
      }),
    );
    return 'send';
  } catch (error) {
    if (!isNamed(error, 'ConditionalCheckFailedException')) throw error;
    const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key, ConsistentRead: true }));
    const state = Item?.['state'] as 'sending' | 'sent' | 'failed';
    return state === 'sending' ? 'given-up' : state;
  }
}

/** The write that says how sending ended; goes with the record on the timeline, so that both are there or neither. */
export function settlePage(table: Table, page: PageIdentity, state: 'sent' | 'failed', now: Date): WriteItem {
  return {
    Update: {
      TableName: table.name,
      Key: pageKey(page.incidentId, pageId(page)),
      UpdateExpression: 'SET #state = :state, settledAt = :at',
      ConditionExpression: '#state = :sending',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':state': state, ':sending': 'sending', ':at': now.toISOString() },
    },
  };
}
